"""The nouns: what a document is to every other part of the program.

All values are frozen, hold tuples only, and use the standard library alone, so they
pickle small, compare by value and go unchanged to other processes. Stages build new
values with :func:`dataclasses.replace`. Pixels never sit here.

Coordinates are pixels of the *original scan*: origin top left, ``x`` to the right, ``y``
down; ``right`` and ``bottom`` are exclusive. Confidences are 0.0 to 1.0, or ``None``
where unknown. String positions are code points, counted from 0.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from pipeline.reading import (
    FILE,
    GUESSES,
    LATIN,
    LAYER,
    TESSERACT,
    TYPEWRITER,
    VOTE,
    Box,
    Reading,
    Word,
    check_probability,
)

__all__ = [
    "FILE",
    "GUESSES",
    "LATIN",
    "LAYER",
    "TESSERACT",
    "TYPEWRITER",
    "VOTE",
    "Box",
    "Document",
    "Edit",
    "Field",
    "Finding",
    "Layer",
    "Line",
    "LineKind",
    "Page",
    "Problem",
    "Reading",
    "Reason",
    "Region",
    "Scan",
    "Status",
    "Step",
    "Verdict",
    "Word",
    "apply_edits",
]


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
    """How a document came out: whole, to be looked at, with pages missing, or not at all."""

    OK = "ok"
    CHECK = "check"
    PARTIAL = "partial"
    FAILED = "failed"


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

    @property
    def end(self) -> int:
        """Where ``before`` ends in the raw text, exclusive."""
        return self.start + len(self.before)

    @property
    def growth(self) -> int:
        """Characters by which it makes the text longer; below 0 where shorter."""
        return len(self.after) - len(self.before)

    def overlaps(self, other: Edit) -> bool:
        """Whether both cannot be applied; two at one place never can."""
        return self.start == other.start or (self.start < other.end and other.start < self.end)


def apply_edits(raw: str, edits: Iterable[Edit]) -> str:
    """``raw`` with all ``edits`` applied; positions are those of ``raw``.

    Raises:
        ValueError: two edits overlap, or ``before`` is not what stands at ``start``.

    """
    parts: list[str] = []
    done = 0
    for edit in sorted(edits, key=lambda e: (e.start, len(e.before))):
        if edit.start < done:
            raise ValueError(f"edit {edit.rule} at {edit.start} overlaps the one before it")
        if raw[edit.start : edit.end] != edit.before:
            raise ValueError(f"edit {edit.rule} expects {edit.before!r} at {edit.start}")
        parts += [raw[done : edit.start], edit.after]
        done = edit.end
    return "".join(parts) + raw[done:]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of a page.

    ``reading`` is the one that counts, as it came, and is never overwritten;
    ``alternatives`` are what other readers made of the line. ``edits`` are those of the
    reading's text, in its order. ``text_probability`` is the probability that the line is
    text of the document (body, heading, addressee, signature, page number; 0.0-1.0),
    ``None`` before it was classified. ``box`` is ``None`` where the input had no picture.
    ``starts_paragraph`` says that the line opens a paragraph. ``sheet`` is 2 on the right of two
    facing sheets on one scan, else 1.

    Raises:
        ValueError: the edits overlap or do not fit the reading, or the probability is none.

    """

    id: str
    reading: Reading
    alternatives: tuple[Reading, ...] = ()
    edits: tuple[Edit, ...] = ()
    box: Box | None = None
    kind: LineKind = LineKind.BODY
    verdict: Verdict = Verdict.KEEP
    reasons: tuple[Reason, ...] = ()
    text_probability: float | None = None
    starts_paragraph: bool = False
    sheet: int = 1

    def __post_init__(self) -> None:
        check_probability(self.text_probability)
        if self.edits:
            apply_edits(self.raw, self.edits)

    @property
    def raw(self) -> str:
        """The line as it was read, before corrections."""
        return self.reading.text

    @property
    def text(self) -> str:
        """The line with all edits applied: its reading layer."""
        return apply_edits(self.raw, self.edits) if self.edits else self.raw

    def text_in(self, layer: Layer) -> str:
        """The line with the edits of ``layer``: all, or only those that repair misreadings."""
        if layer is Layer.READING:
            return self.text
        return apply_edits(self.raw, (e for e in self.edits if e.layer is Layer.DIPLOMATIC))

    def printed(self, start: int, end: int) -> str:
        """What stands in ``text`` for ``raw[start:end]``, a word of the reading.

        The whole words there, where edits changed, joined or parted it; empty where they took
        it out.
        """
        touching = [e for e in self.edits if e.start <= end and e.end >= start]
        if not touching:
            return self.raw[start:end]
        text, shift, growth = self.text, 0, 0
        for edit in self.edits:
            if edit.start >= end:
                break
            if edit.end <= start:
                shift += edit.growth
            else:
                start, end = min(start, edit.start), max(end, edit.end)
                growth += edit.growth
        first, last = start + shift, end + shift + growth
        if first == last:
            return ""
        while first > 0 and not text[first - 1].isspace():
            first -= 1
        while last < len(text) and not text[last].isspace():
            last += 1
        return text[first:last].strip()

    @property
    def readings(self) -> tuple[Reading, ...]:
        """All readings, the one that counts first."""
        return (self.reading, *self.alternatives)

    def read_by(self, reader: str) -> Reading | None:
        """What ``reader`` made of the line; ``None`` where it was not asked."""
        return next((reading for reading in self.readings if reading.reader == reader), None)

    def with_edits(self, new: Iterable[Edit]) -> Line:
        """The line with ``new`` edits too; one that would overlap an earlier edit is left out."""
        kept = list(self.edits)
        for edit in new:
            if not any(edit.overlaps(other) for other in kept):
                kept.append(edit)
        return replace(self, edits=tuple(sorted(kept, key=lambda e: e.start)))


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
    the file does not say). ``encoding`` is the character set of raw text. ``sheet``: which of two
    facing sheets (1 left, 2 right) that one picture shows; ``None`` where it shows one.
    """

    path: str
    page: int = 1
    width: int | None = None
    height: int | None = None
    dpi: float | None = None
    encoding: str | None = None
    sheet: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """A part of a page that is no typed text: a ruled area (``table``), a stamp, handwriting.

    ``sheet`` as a line's.
    """

    kind: LineKind
    box: Box
    sheet: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something on a page that a person should look at; nothing failed.

    ``code`` is one of :data:`pipeline.findings.CODES`; ``message`` and ``advice`` are a sentence.
    """

    code: str
    message: str
    advice: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page: where it came from, its lines in reading order, what was done to it.

    ``expected_error``: the expected character error rate (0.0-1.0) of its transcript, ``None``
    where no reader told how sure it was. ``findings``: what is to be looked at.
    """

    number: int
    scan: Scan
    lines: tuple[Line, ...] = ()
    steps: tuple[Step, ...] = ()
    regions: tuple[Region, ...] = ()
    expected_error: float | None = None
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field of the form. ``value`` is normalised, ``raw`` is the text it was read from.

    ``number`` is the copy's number in entries of the copy list (1-99), ``None`` where it cannot
    be read, and in all other fields. ``telegram`` counts from 1 where the document holds several,
    else it is ``None``. ``confidence`` (0.0-1.0) is the fitted probability that ``value`` is right.
    """

    name: str
    value: str
    raw: str
    number: int | None = None
    telegram: int | None = None
    box: Box | None = None
    confidence: float | None = None
    reasons: tuple[Reason, ...] = ()

    def __post_init__(self) -> None:
        check_probability(self.confidence)


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
    """One input file: its pages, the form's fields, and what could not be done.

    ``expected_error`` is that of its pages, weighed by their characters.
    """

    id: str
    pages: tuple[Page, ...] = ()
    fields: tuple[Field, ...] = ()
    problems: tuple[Problem, ...] = ()
    expected_error: float | None = None

    @property
    def status(self) -> Status:
        """How it came out: pages missing, something to look at, or whole."""
        if self.problems:
            return Status.PARTIAL
        return Status.CHECK if any(page.findings for page in self.pages) else Status.OK

    @property
    def picture_numbers(self) -> tuple[int, ...]:
        """Of each page, the number (from 1) of its picture: two facing sheets are on one."""
        numbers: list[int] = []
        further = 0
        for page in self.pages:
            further += page.scan.sheet == 2
            numbers.append(page.number - further)
        return tuple(numbers)

    @property
    def lines(self) -> tuple[Line, ...]:
        """All lines of all pages, in reading order."""
        return tuple(line for page in self.pages for line in page.lines)
