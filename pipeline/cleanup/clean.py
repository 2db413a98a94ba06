"""The cleanup stage: which edits a document's lines get."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.cleanup.conventions import hard_signs, line_end_hyphen, roman_months
from pipeline.cleanup.scripts import look_alikes
from pipeline.cleanup.spacing import false_spaces, letter_spaced
from pipeline.config import CleanupSettings
from pipeline.edits import with_edits
from pipeline.model import Line, LineKind, Verdict

_TEXT = frozenset({LineKind.BODY, LineKind.HEADING, LineKind.ADDRESSEE, LineKind.SIGNATURE})


def clean(lines: Sequence[Line], settings: CleanupSettings) -> tuple[Line, ...]:
    """The lines of a document, in reading order over all pages, with their edits.

    Only lines of true text that were not dropped get edits. A hyphen at a line's end is
    joined to the next such line of the same kind, over page ends, page numbers and
    dropped lines between them.
    """
    result = list(lines)
    before: int | None = None
    for index, line in enumerate(lines):
        if line.kind not in _TEXT or line.verdict is Verdict.DROP:
            continue
        if settings.corrections:
            edits = (*letter_spaced(line), *look_alikes(line.raw), *false_spaces(line))
            result[index] = with_edits(result[index], edits)
        if settings.conventions:
            edits = (*hard_signs(line.raw), *roman_months(line.raw))
            result[index] = with_edits(result[index], edits)
            if before is not None and result[before].kind is line.kind:
                joined = line_end_hyphen(result[before].raw, line.raw)
                result[before] = with_edits(result[before], joined)
        before = index
    return tuple(result)
