"""Ground truth: ``STEM.gt.txt`` (the text as typed) and ``STEM.gt.json`` (its lines, fields).

Either file suffices; where both stand, the text is that of ``STEM.gt.txt``. ``STEM.gt.tsv`` is the
keyed form: a row for each typed line, its tag, a tab, its text. The formats are described in
``docs/formats.md``. Where none of these stands, PAGE XML, ALTO XML or hOCR (``STEM.gt.xml``,
``STEM.xml``, ``STEM.hocr`` ...) give the text. An empty file is the truth of an empty page.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import msgspec

from pipeline.errors import TruthError
from pipeline.formats import read_document, stem_of
from pipeline.model import Box, Document, LineKind

TEXT_SUFFIX = ".gt.txt"
JSON_SUFFIX = ".gt.json"
KEYED_SUFFIX = ".gt.tsv"
MARKUP_SUFFIXES = (
    ".gt.xml",
    ".gt.hocr",
    ".page.xml",
    ".alto.xml",
    ".xml",
    ".hocr",
    ".html",
    ".htm",
)
"""Other programs' formats, in the order in which they are looked for."""

KEYED_KINDS = {
    "B": LineKind.BODY,
    "H": LineKind.HEADING,
    "A": LineKind.ADDRESSEE,
    "S": LineKind.SIGNATURE,
    "F": LineKind.FORM,
    "N": LineKind.PAGE_NUMBER,
    "P": LineKind.STAMP,
    "W": LineKind.HANDWRITING,
}
"""What the tags of the keyed form stand for."""

_KEYED_TEXT = (LineKind.ADDRESSEE, LineKind.HEADING, LineKind.BODY, LineKind.SIGNATURE)
_BETWEEN_SHEETS = "="


@dataclass(frozen=True, slots=True, kw_only=True)
class TruthCopy:
    """One entry of a copy list: copy ``number`` went to ``name`` (dative, as typed)."""

    number: int
    name: str


FieldValue = str | int | tuple[str | TruthCopy, ...] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TruthField:
    """The true value of one form field; ``None`` where the form has none."""

    name: str
    value: FieldValue


@dataclass(frozen=True, slots=True, kw_only=True)
class TruthLine:
    """One true line.

    ``text`` is as typed, ``None`` where unknown. ``page`` counts from 1. ``box`` and
    ``baseline`` (points ``(x, y)``, left to right) are in scan pixels, ``None`` without a
    picture. ``raw`` is the machine-read line where the input is raw text, else ``None``.
    """

    text: str | None
    kind: LineKind
    page: int = 1
    box: Box | None = None
    baseline: tuple[tuple[float, float], ...] | None = None
    raw: str | None = None
    starts_paragraph: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """The truth of one document.

    ``text`` holds the lines of ``text_kinds`` (just the body, mostly). ``labelled``: the
    kind of every line of ``lines`` is known; they may also stand there for their boxes alone.
    ``path`` is the file the text came from. ``text_kinds`` is empty where kinds are not known.
    ``names``: of people and places, as they stand in the text, where somebody marked them.
    ``only_pages``: numbers of the pages it is of, where others are not known; empty: of all.
    """

    stem: str
    path: Path
    text: str
    labelled: bool = False
    lines: tuple[TruthLine, ...] = ()
    fields: tuple[TruthField, ...] = ()
    text_kinds: tuple[LineKind, ...] = ()
    only_pages: tuple[int, ...] = ()
    names: tuple[str, ...] = ()

    def known_of(self, document: Document) -> Document:
        """``document`` without the pages that this truth is not of."""
        if not self.only_pages:
            return document
        pages = tuple(page for page in document.pages if page.number in self.only_pages)
        return replace(document, pages=pages)

    def text_of(self, kinds: Collection[LineKind]) -> str:
        """The true text of the lines of ``kinds``; without labelled lines, all there is.

        Raises:
            TruthError: the text of such a line is not known.

        """
        if not self.labelled or set(kinds) == set(self.text_kinds):
            return self.text
        return _joined(self.path, self.lines, kinds)


class _Struct(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    pass


class _Line(_Struct, frozen=True, kw_only=True):
    text: str | None
    kind: LineKind
    box: tuple[int, int, int, int] | None = None
    baseline: tuple[tuple[float, float], ...] | None = None
    raw: str | None = None
    starts_paragraph: bool = False


class _Page(_Struct, frozen=True, kw_only=True):
    number: int
    width: int | None = None
    height: int | None = None
    lines: tuple[_Line, ...] = ()


class _Truth(_Struct, frozen=True, kw_only=True):
    format: Literal["depesha-truth"]
    version: Literal[1]
    source: str = ""
    notes: tuple[str, ...] = ()
    text_kinds: tuple[LineKind, ...] = (LineKind.BODY,)
    names: tuple[str, ...] = ()
    pages: tuple[_Page, ...] = ()
    fields: tuple[TruthField, ...] = ()
    partial: bool = False


_DECODER = msgspec.json.Decoder(_Truth)


def find_truth(stem: str, folder: Path) -> Truth | None:
    """The truth of ``stem`` in ``folder``; ``None`` where there is none.

    Raises:
        TruthError: it is there and cannot be understood.

    """
    text, labels = _twins(folder, stem)
    if text or labels:
        return _load(stem, text, labels)
    names = (folder / (stem + suffix) for suffix in (KEYED_SUFFIX, *MARKUP_SUFFIXES))
    other = next((path for path in names if path.is_file()), None)
    return load_truth(other) if other else None


def load_truth(path: Path) -> Truth:
    """The truth in the file ``path``, or in both files of which ``path`` is the bare stem.

    ``STEM.gt.txt`` and ``STEM.gt.json`` bring in each other; any other ``.txt`` is plain
    text, any other ``.json`` labels; ``.tsv`` is the keyed form; XML and HTML are PAGE, ALTO
    or hOCR. Endings count in small letters and capitals.

    Raises:
        TruthError: it is missing, not UTF-8, or not of the format.

    """
    if not path.is_file():
        truth = find_truth(path.name, path.parent)
        if truth is None:
            raise TruthError(path, "does not exist (as ground truth)")
        return truth
    stem = truth_stem(path)
    small = path.name.lower()
    if small.endswith(MARKUP_SUFFIXES):
        return _load_markup(path)
    if small.endswith(".tsv"):
        return _load_keyed(path)
    text, labels = (None, path) if small.endswith(".json") else (path, None)
    if small.endswith((TEXT_SUFFIX, JSON_SUFFIX)):
        twins = _twins(path.parent, stem)
        text, labels = text or twins[0], labels or twins[1]
    return _load(stem, text, labels)


def truth_stem(path: Path) -> str:
    """The stem that a truth file is matched by: ``a`` for ``a.gt.txt``, ``a.gt.json``, ``a.txt``.

    ``page.1`` for ``page.1.gt.txt``, and for the bare name ``page.1`` itself.
    """
    return stem_of(path)


def _twins(folder: Path, stem: str) -> tuple[Path | None, Path | None]:
    text, labels = folder / (stem + TEXT_SUFFIX), folder / (stem + JSON_SUFFIX)
    return text if text.is_file() else None, labels if labels.is_file() else None


def _load(stem: str, text_path: Path | None, json_path: Path | None) -> Truth:
    text = _read_text(text_path) if text_path else ""
    if json_path is None:
        return Truth(stem=stem, path=text_path or Path(stem), text=text)
    data = _read_json(json_path)
    lines = tuple(_line(json_path, page, line) for page in data.pages for line in page.lines)
    if text_path is None:
        text = _joined(json_path, lines, data.text_kinds)
    return Truth(
        stem=stem,
        path=text_path or json_path,
        text=text,
        labelled=bool(lines),
        lines=lines,
        fields=data.fields,
        text_kinds=data.text_kinds,
        names=data.names,
        only_pages=tuple(page.number for page in data.pages) if data.partial else (),
    )


def _load_markup(path: Path) -> Truth:
    pages = read_document(path, TruthError).pages
    lines = tuple(
        TruthLine(text=line.raw, kind=line.kind, page=page.number, box=line.box)
        for page in pages
        for line in page.lines
    )
    text = "".join(f"{line.text}\n" for line in lines)
    return Truth(stem=truth_stem(path), path=path, text=text, lines=lines)


def _load_keyed(path: Path) -> Truth:
    lines: list[TruthLine] = []
    for number, row in enumerate(_read_text(path).split("\n"), start=1):
        tag, tab, text = row.rstrip("\r").partition("\t")
        if not tab and tag.strip() in ("", _BETWEEN_SHEETS):
            continue
        if not tab or tag not in KEYED_KINDS:
            tags = ", ".join(KEYED_KINDS)
            raise TruthError(path, f"row {number} is not a tag ({tags}), a tab and a text")
        lines.append(TruthLine(text=text, kind=KEYED_KINDS[tag]))
    return Truth(
        stem=truth_stem(path),
        path=path,
        text=_joined(path, tuple(lines), _KEYED_TEXT),
        labelled=True,
        lines=tuple(lines),
        text_kinds=_KEYED_TEXT,
    )


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes().removeprefix(b"\xef\xbb\xbf")
    except OSError as error:
        raise TruthError(path, f"cannot be read: {error.strerror or error}") from error


def _read_text(path: Path) -> str:
    data = _read(path)
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        where = f"byte {error.start}"
        raise TruthError(path, f"is not UTF-8 ({where}); save it as UTF-8") from error


def _read_json(path: Path) -> _Truth:
    try:
        return _DECODER.decode(_read(path))
    except msgspec.ValidationError as error:
        raise TruthError(path, f"is not ground truth of version 1: {error}") from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise TruthError(path, f"is damaged, not JSON in UTF-8: {error}") from error


def _line(path: Path, page: _Page, line: _Line) -> TruthLine:
    return TruthLine(
        text=line.text,
        kind=line.kind,
        page=page.number,
        box=_box(path, line.box),
        baseline=line.baseline,
        raw=line.raw,
        starts_paragraph=line.starts_paragraph,
    )


def _box(path: Path, sides: tuple[int, int, int, int] | None) -> Box | None:
    if sides is None:
        return None
    left, top, right, bottom = sides
    try:
        return Box(left=left, top=top, right=right, bottom=bottom)
    except ValueError as error:
        raise TruthError(path, str(error)) from error


def _joined(path: Path, lines: tuple[TruthLine, ...], kinds: Collection[LineKind]) -> str:
    parts: list[str] = []
    for number, line in enumerate(lines, start=1):
        if line.kind not in kinds:
            continue
        if line.text is None:
            raise TruthError(
                path, f"the text of line {number} ({line.kind}) is not known; leave that kind out"
            )
        parts.append(line.text + "\n")
    return "".join(parts)
