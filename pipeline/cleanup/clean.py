"""The cleanup stage: which edits a document's lines get."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.cleanup.conventions import (
    hard_signs,
    line_end_hyphen,
    roman_months,
    year_spaces,
    yo,
)
from pipeline.cleanup.joins import lost_spaces, split_words
from pipeline.cleanup.misreadings import look_alikes, misreadings, set_phrases
from pipeline.cleanup.spacing import false_spaces, letter_spaced
from pipeline.config import CleanupSettings
from pipeline.model import FILE, VOTE, Line, LineKind, Verdict

_TEXT = frozenset({LineKind.BODY, LineKind.HEADING, LineKind.ADDRESSEE, LineKind.SIGNATURE})


def clean(lines: Sequence[Line], settings: CleanupSettings) -> tuple[Line, ...]:
    """The lines of a document, in reading order over all pages, with their edits.

    Only lines of true text that were not dropped get edits, and set phrases of the form. A
    hyphen at a line's end is joined to the next such line of the same kind, over page ends,
    page numbers and dropped lines between them.
    """
    result = list(lines)
    rows = _rows(lines)
    if settings.corrections:
        _correct_other_engines(result, rows, settings.sure_at)
    for row in rows:
        for place, index in enumerate(row):
            above = lines[row[place - 1]].raw if place else ""
            below = lines[row[place + 1]].raw if place + 1 < len(row) else ""
            if settings.corrections:
                result[index] = _corrected(result[index], above, below)
            result[index] = _conventional(result[index], below, settings)
    if settings.corrections:
        for index, line in enumerate(lines):
            if line.kind is LineKind.FORM:
                result[index] = line.with_edits(set_phrases(line.raw))
    return tuple(result)


def _correct_other_engines(lines: list[Line], rows: list[list[int]], sure_at: float) -> None:
    """Give lines of other engines' text, in place, the edits of the corrector."""
    rows = [[index for index in row if lines[index].reading.reader == FILE] for row in rows]
    if not any(rows):
        return
    # What the corrector knows is large; scans do not wait for it.
    from pipeline.cleanup.correct import corrections  # noqa: PLC0415

    for row, edits in zip(rows, corrections([[lines[i].raw for i in r] for r in rows], sure_at), strict=True):
        for index, found in zip(row, edits, strict=True):
            lines[index] = lines[index].with_edits((*look_alikes(lines[index].raw), *found))


def _rows(lines: Sequence[Line]) -> list[list[int]]:
    """The lines of true text by index, cut where their kind changes."""
    rows: list[list[int]] = []
    for index, line in enumerate(lines):
        if line.kind not in _TEXT or line.verdict is Verdict.DROP:
            continue
        if rows and lines[rows[-1][-1]].kind is line.kind:
            rows[-1].append(index)
        else:
            rows.append([index])
    return rows


def _corrected(line: Line, above: str, below: str) -> Line:
    """``line`` with what repairs its reading; the first rules take precedence."""
    raw = line.raw
    line = line.with_edits((*letter_spaced(line), *look_alikes(raw)))
    # Tesseract makes up spaces after punctuation; the vote's are right more often than the pitch.
    if line.reading.reader != VOTE:
        line = line.with_edits(false_spaces(line))
    line = line.with_edits(set_phrases(raw))
    line = line.with_edits((*split_words(line, above, below), *lost_spaces(line, above, below)))
    return line.with_edits(misreadings(raw, above, below))


def _conventional(line: Line, below: str, settings: CleanupSettings) -> Line:
    """``line`` with what makes the reading layer."""
    raw = line.raw
    if settings.conventions:
        line = line.with_edits((*hard_signs(raw), *roman_months(raw), *year_spaces(raw)))
        line = line.with_edits(line_end_hyphen(raw, below))
    if settings.yo:
        line = line.with_edits(yo(raw))
    return line
