"""The texts of results with the editors' decisions, written without the page: after a new run."""

from __future__ import annotations

import logging
from contextlib import closing
from pathlib import Path

from pipeline.errors import ResultError
from pipeline.review.edited import kinds_of, with_decisions
from pipeline.review.log import REVIEW_FILE, EventLog
from pipeline.store import is_failure, load_stored, write_texts
from pipeline.transcript import make_texts

_log = logging.getLogger("depesha")


def write_edited_texts(out: Path) -> int:
    """Write the texts of every document in ``out`` that editors decided on; how many there are.

    A text that a person changed in a text editor is left as it stands. A result that is damaged or
    of another version is named in the log of messages and passed over; its texts stay as they are.

    Raises:
        OutputError: the log cannot be read, or a text not be written.

    """
    if not (out / REVIEW_FILE).is_file():
        return 0
    with closing(EventLog(out / REVIEW_FILE)) as log:
        names = log.documents()
    written = 0
    for name in names:
        folder = out / name
        if not folder.is_dir() or is_failure(folder):
            continue
        try:
            made = with_decisions(out, load_stored(folder))
        except ResultError as error:
            _log.warning("%s; its edited texts were not written again", error)
            continue
        write_texts(folder, make_texts(made.document, kinds_of(made.run)))
        written += 1
    return written
