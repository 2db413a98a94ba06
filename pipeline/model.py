"""The nouns: what a document is to every other part of the program.

All values are frozen, hold tuples only, and use the standard library alone, so they
pickle small, compare by value and go unchanged to other processes. Stages build new
values with :func:`dataclasses.replace`. Pixels never sit here.

Coordinates are pixels of the *original scan*: origin top left, ``x`` to the right, ``y``
down; ``right`` and ``bottom`` are exclusive. Confidences are 0.0 to 1.0, or ``None``
where unknown. String positions are code points, counted from 0.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class LineKind(StrEnum):
    """What a line is on the sheet."""

    BODY = "body"
    HEADING = "heading"
    ADDRESSEE = "addressee"
    SIGNATURE = "signature"
    FORM = "form"
    TABLE = "table"
    STAMP = "stamp"
    HANDWRITING = "handwriting"
    PAGE_NUMBER = "page_number"
    NOISE = "noise"


class Verdict(StrEnum):
    """What becomes of a line. ``UNSURE`` stays in the transcript and goes to the editor."""

    KEEP = "keep"
    DROP = "drop"
    UNSURE = "unsure"


class Layer(StrEnum):
    """Which text: as it stands on the sheet, or as an editor would print it."""

    DIPLOMATIC = "diplomatic"
    READING = "reading"


class Status(StrEnum):
    """How a document came out: whole, with some pages missing, or not at all."""

    OK = "ok"
    PARTIAL = "partial"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A rectangle in scan pixels; ``right`` and ``bottom`` are exclusive.

    Raises:
        ValueError: a side is negative, or the box is empty.

    """

    left: int
    top: int
    right: int
    bottom: int

    def __post_init__(self) -> None:
        if self.left < 0 or self.top < 0 or self.right <= self.left or self.bottom <= self.top:
            raise ValueError(
                f"not a box: left {self.left}, top {self.top}, "
                f"right {self.right}, bottom {self.bottom}"
            )

    @property
    def width(self) -> int:
        """Width in pixels, at least 1."""
        return self.right - self.left

    @property
    def height(self) -> int:
        """Height in pixels, at least 1."""
        return self.bottom - self.top


def union(boxes: tuple[Box, ...]) -> Box | None:
    """The smallest box around all ``boxes``; ``None`` where there are none."""
    if not boxes:
        return None
    return Box(
        left=min(b.left for b in boxes),
        top=min(b.top for b in boxes),
        right=max(b.right for b in boxes),
        bottom=max(b.bottom for b in boxes),
    )


def share_inside(box: Box, area: Box) -> float:
    """The share (0.0-1.0) of ``box`` that lies in ``area``."""
    across = min(box.right, area.right) - max(box.left, area.left)
    down = min(box.bottom, area.bottom) - max(box.top, area.top)
    return max(0, across) * max(0, down) / (box.width * box.height)


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """One word as a reader saw it; ``box`` and ``confidence`` are ``None`` where unknown.

    ``other`` is what the other reader made of it, where two readers voted and differed.
    """

    text: str
    box: Box | None = None
    confidence: float | None = None
    other: str | None = None

    def __post_init__(self) -> None:
        _check_confidence(self.confidence)


VOTE = "vote"
"""The reader's name in what two readers' vote made of a line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What one reader (``tesseract``, ``file`` for raw text ...) made of one line."""

    reader: str
    text: str
    confidence: float | None = None
    words: tuple[Word, ...] = ()

    def __post_init__(self) -> None:
        _check_confidence(self.confidence)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One piece of evidence for a verdict.

    ``evidence`` is in plain words, for the editor. ``weight`` is in log-odds: above zero
    speaks for true text, below zero for noise.
    """

    rule: str
    evidence: str
    weight: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """One replacement over the raw reading of a line.

    ``start`` is the position of ``before`` in the *raw* text, whatever other edits there
    are; edits of one line do not overlap. ``layer`` tells what the edit is for:
    ``DIPLOMATIC`` repairs a misreading (and so counts in both layers), ``READING`` is an
    editor's convention (and counts in the reading layer alone).
    """

    rule: str
    start: int
    before: str
    after: str
    layer: Layer = Layer.READING
    evidence: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of a page.

    ``raw`` is the reading as it came and is never overwritten; ``text`` is ``raw`` with
    all ``edits`` applied (the reading layer). ``confidence`` is the probability that the
    line is text of the document (body, heading, addressee, signature, page number; 0.0-1.0),
    ``None`` before it was judged. ``box`` is ``None`` where
    the input had no picture. ``starts_paragraph`` says that the line opens a paragraph.
    """

    id: str
    raw: str
    text: str
    box: Box | None = None
    readings: tuple[Reading, ...] = ()
    kind: LineKind = LineKind.BODY
    verdict: Verdict = Verdict.KEEP
    reasons: tuple[Reason, ...] = ()
    edits: tuple[Edit, ...] = ()
    confidence: float | None = None
    starts_paragraph: bool = False

    def __post_init__(self) -> None:
        _check_confidence(self.confidence)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """Provenance: one operation, its settings as sorted ``(key, value)`` pairs, its version."""

    name: str
    settings: tuple[tuple[str, str], ...] = ()
    version: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scan:
    """Where a page came from.

    ``path`` is as the user gave it; ``page`` counts from 1 within the file. ``width``,
    ``height`` are in pixels and ``dpi`` in dots per inch, ``None`` for raw text (or where
    the file does not say). ``encoding`` is the character set of raw text.
    """

    path: str
    page: int = 1
    width: int | None = None
    height: int | None = None
    dpi: float | None = None
    encoding: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """A part of a page that is no typed text: a ruled area (``table``), a stamp, handwriting."""

    kind: LineKind
    box: Box


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page: where it came from, its lines in reading order, what was done to it."""

    number: int
    scan: Scan
    lines: tuple[Line, ...] = ()
    steps: tuple[Step, ...] = ()
    regions: tuple[Region, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field of the form. ``value`` is normalised, ``raw`` is the text it was read from.

    ``number`` is the copy's number in entries of the copy list (1-99), ``None`` where it cannot
    be read, and in all other fields. ``confidence`` (0.0-1.0) tells how well it could be read.
    """

    name: str
    value: str
    raw: str
    number: int | None = None
    box: Box | None = None
    confidence: float | None = None
    reasons: tuple[Reason, ...] = ()

    def __post_init__(self) -> None:
        _check_confidence(self.confidence)


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Something that went wrong: ``code`` is an :class:`~pipeline.errors.ExitCode` name.

    ``page`` counts from 1; ``None`` where the whole document is meant.
    """

    code: str
    message: str
    page: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One input file: its pages, the form's fields, and what could not be done."""

    id: str
    pages: tuple[Page, ...] = ()
    fields: tuple[Field, ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def lines(self) -> tuple[Line, ...]:
        """All lines of all pages, in reading order."""
        return tuple(line for page in self.pages for line in page.lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How one document of a batch ended."""

    document_id: str
    status: Status
    problems: tuple[Problem, ...] = ()


def _check_confidence(value: float | None) -> None:
    if value is not None and not 0.0 <= value <= 1.0:
        raise ValueError(f"a confidence is 0.0 to 1.0 or None, not {value}")
