"""What an export is made of: the stored document, where its scan is, what is known beside."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from pipeline import __version__
from pipeline.errors import InputMissingError
from pipeline.export.tokens import EDITOR
from pipeline.model import Document, Line, Page
from pipeline.scans.base import file_of
from pipeline.store import RunInfo, StoredDocument, load_stored

REVIEW_FILE = "review.sqlite"
"""The editors' decisions, in the folder of results; the name is pipeline.review's."""

SOFTWARE = f"Depesha {__version__}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One document to be exported.

    ``metadata``: what a CSV says of it, by lower-case column name, empty values left out.
    ``scan``: where the input should be; it may be gone. ``scans``: a folder in which scans are
    looked for instead. ``name``: the path of its results below the folder of results, with ``/``;
    files are named by it. ``edited``: an editor decided something of it. ``made``: when the export
    is made, for the formats that must say so.
    """

    document: Document
    run: RunInfo
    name: str
    scan: Path
    scans: Path | None = None
    metadata: Mapping[str, str] = field(default_factory=dict)
    edited: bool = False
    made: datetime = field(default_factory=lambda: datetime.now(UTC))

    @property
    def timestamp(self) -> str:
        """``made`` in UTC, ISO 8601 to the second."""
        return self.made.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

    @property
    def title(self) -> str:
        """Its title: that of the metadata, else its name."""
        return self.metadata.get("title") or self.document.id

    @property
    def software(self) -> str:
        """Name and version of the software that read it."""
        version = dict(self.run.versions).get("depesha")
        return f"Depesha {version}" if version else SOFTWARE

    @property
    def by_hand(self) -> bool:
        """Whether a person worked on it."""
        return self.edited or any(touched_by_hand(line) for line in self.document.lines)

    @property
    def has_scan(self) -> bool:
        """Whether it was read from a picture; raw text has none."""
        return any(page.scan.width for page in self.document.pages)

    def file_of(self, page: Page) -> Path:
        """The file that shows ``page``.

        Raises:
            InputMissingError: it is not below ``scans``.

        """
        if self.scans is None:
            return file_of(self.scan, page)
        for given in (str(self.scan), page.scan.path):
            if found := below(self.scans, given):
                return found
        raise InputMissingError(
            self.scan, f"no file is below {self.scans} where an end of this path leads"
        )

    @property
    def mark(self) -> Path:
        """The path by which it is told whether the scan changed."""
        return scan_path(str(self.scan), self.scans)

    def with_metadata(self, row: Mapping[str, str]) -> Source:
        """The same document, with other metadata."""
        return replace(self, metadata=row)

    def provenance(self) -> tuple[tuple[str, str], ...]:
        """Sorted pairs: what read it, with which settings, from which bytes."""
        return (
            *((f"version.{key}", value) for key, value in self.run.versions),
            *((f"setting.{key}", value) for key, value in self.run.settings),
            ("fingerprint", self.run.fingerprint),
            ("input-sha256", self.run.input_sha256),
        )


def read_source(results: Path, folder: Path, name: str) -> Source:
    """The document stored in ``folder``, with what editors decided on the ``results``.

    Raises:
        ResultError: it is missing or damaged, or the editors' decisions are.

    """
    stored = load_stored(folder)
    if not (results / REVIEW_FILE).is_file():
        return source_of(stored, name)
    from pipeline.review import with_decisions  # noqa: PLC0415 - it brings the cleanup stage

    edited = with_decisions(results, stored, folder)
    return replace(source_of(edited, name), edited=edited is not stored)


def source_of(stored: StoredDocument, name: str) -> Source:
    """A stored document as a source."""
    return Source(document=stored.document, run=stored.run, name=name, scan=Path(stored.run.source))


def prefix_of(source: Source) -> str:
    """What tells its ids from those of other documents in the same file."""
    name = hashlib.sha256(source.name.encode("utf-8", "surrogateescape")).hexdigest()[:10]
    return f"d{name}-"


def of_document(document: Document, metadata: Mapping[str, str]) -> Source:
    """A document that was read now, or stands alone."""
    path = next((page.scan.path for page in document.pages), document.id)
    run = RunInfo(
        fingerprint="",
        source=path,
        source_key="",
        input_sha256="",
        status=document.status,
        seconds=0.0,
        versions=(("depesha", __version__),),
    )
    return Source(document=document, run=run, name=document.id, scan=Path(path), metadata=metadata)


def touched_by_hand(line: Line) -> bool:
    """Whether a person changed or confirmed the line."""
    rules = [edit.rule for edit in line.edits] + [reason.rule for reason in line.reasons]
    return line.reading.reader == EDITOR or EDITOR in rules


def below(folder: Path, path: str) -> Path | None:
    """The file in ``folder`` to which the longest possible end of ``path`` leads."""
    parts = [part for part in path.replace("\\", "/").split("/") if part not in ("", ".", "..")]
    ends = (folder.joinpath(*parts[start:]) for start in range(len(parts)))
    return next((end for end in ends if end.is_file()), None)


def scan_path(path: str, scans: Path | None) -> Path:
    """``path``, or where it leads to in ``scans``."""
    found = below(scans, path) if scans is not None else None
    return found or Path(path)


def scan_name(page: Page) -> str:
    """The name of a page's scan, without its folders."""
    return Path(page.scan.path.replace("\\", "/")).name or "scan"
