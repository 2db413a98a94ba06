r"""Results on disk: one folder per document, written so that a kill leaves nothing half done.

``document.json.xz`` holds the whole :class:`~pipeline.model.Document`, its pages as they were
read (so that what comes after reading can be made anew without reading) and the
:class:`RunInfo` of the run that made it. It is JSON, compressed (``xz -dc`` shows it). A field
that has its default is left out, and so is what follows from the rest (the text of a line
follows from its reading and its edits). It is put in place last, so where it stands, the texts
beside it are complete and belong to it. ``error.json`` stands there instead where the document
failed; what an earlier run had made is then kept in ``previous/``. A file that was split into
several documents has ``volume.json`` in its folder and these in folders below.

JSON is UTF-8 with the letters as they are. Unicode's one trap is the unpaired surrogate
(a file name that is not UTF-8 brings one in): UTF-8 cannot hold it, so JSON gets it as an
escape (``\udc80``), which loads back to the same string. (Python strings can also hold
the two halves of a pair side by side as two characters; these load as the one character
they stand for.) In the text files, made for editors, such a code point becomes U+FFFD.
"""

from __future__ import annotations

from pipeline.store.documents import (
    DOCUMENT_FILE,
    ERROR_FILE,
    EXPORT_RECORD,
    PREVIOUS,
    SCORE_FILE,
    VERSION,
    VOLUME_FILE,
    RunInfo,
    StoredDocument,
    StoredError,
    StoredPage,
    StoredVolume,
    document_json,
    document_schema,
    is_failure,
    is_result,
    load_document,
    load_error,
    load_run,
    load_stored,
    load_volume,
    pack,
    result_folders,
    unpack,
)
from pipeline.store.files import (
    files_digest,
    make_folder,
    remove_temporary,
    sync_folder,
    text_bytes,
    unwritable,
    write_atomic,
    write_together,
)
from pipeline.store.plain import csv_line, csv_table, to_json, without_defaults
from pipeline.store.saving import (
    changed_texts,
    last_written,
    remove_texts,
    save_document,
    save_error,
    save_volume,
    set_aside,
    stands,
    text_digest,
    write_texts,
)

__all__ = [
    "DOCUMENT_FILE",
    "ERROR_FILE",
    "EXPORT_RECORD",
    "PREVIOUS",
    "SCORE_FILE",
    "VERSION",
    "VOLUME_FILE",
    "RunInfo",
    "StoredDocument",
    "StoredError",
    "StoredPage",
    "StoredVolume",
    "changed_texts",
    "csv_line",
    "csv_table",
    "document_json",
    "document_schema",
    "files_digest",
    "is_failure",
    "is_result",
    "last_written",
    "load_document",
    "load_error",
    "load_run",
    "load_stored",
    "load_volume",
    "make_folder",
    "pack",
    "remove_temporary",
    "remove_texts",
    "result_folders",
    "save_document",
    "save_error",
    "save_volume",
    "set_aside",
    "stands",
    "sync_folder",
    "text_bytes",
    "text_digest",
    "to_json",
    "unpack",
    "unwritable",
    "without_defaults",
    "write_atomic",
    "write_texts",
    "write_together",
]
