"""The cleanup stage: which edits a document's lines get."""

from __future__ import annotations

from collections.abc import Collection, Container, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from pipeline.cleanup.certain import may_be_mended
from pipeline.cleanup.conventions import (
    hard_signs,
    invisible,
    ligatures,
    line_end_hyphen,
    roman_months,
    year_spaces,
    yo,
)
from pipeline.cleanup.edge_marks import edge_marks, without_marks
from pipeline.cleanup.figures import LIST, typed_figures
from pipeline.cleanup.joins import lost_spaces, split_words
from pipeline.cleanup.misreadings import look_alikes, misreadings, set_phrases
from pipeline.cleanup.spacing import false_spaces, letter_spaced, wide_gaps
from pipeline.config import CleanupSettings
from pipeline.languages import Language, language_of, languages_of
from pipeline.model import (
    FILE,
    GUESSES,
    VOTE,
    Layer,
    Line,
    LineKind,
    Reading,
    Reason,
    Verdict,
    Word,
)
from pipeline.stray_marks import blanked
from pipeline.transcript import WORDING

if TYPE_CHECKING:
    from pipeline.cleanup.correct import Guess
    from pipeline.cleanup.raw_text import RawText


def clean(
    lines: Sequence[Line], settings: CleanupSettings, *, only: Container[int] | None = None
) -> tuple[Line, ...]:
    """The lines of a document, in reading order over all pages, with their edits.

    ``only``: of the lines of these indices; others come back as they are, and are what stands
    around those. Not together with corrections, which look at all.

    Only lines of true text that were not dropped get edits, and set phrases of the form. A
    hyphen at a line's end is joined to the next such line of the same kind, over page ends,
    page numbers and dropped lines between them.
    """
    wanted = range(len(lines)) if only is None or settings.corrections else only
    result = [
        line.with_edits((*invisible(line.raw), *ligatures(line.raw))) if index in wanted else line
        for index, line in enumerate(lines)
    ]
    rows = _rows(lines)
    foreign = _foreign(lines, rows)
    if settings.corrections:
        _correct(lines, result, rows, foreign, settings)
    texts = [without_marks(line) for line in result]
    for row in rows:
        for place, (index, _, below) in enumerate(_between(texts, row)):
            if index not in wanted:
                continue
            if (language := foreign.get(index)) is not None:
                result[index] = _as_it_is(result[index], below, language, settings)
            else:
                after = [texts[i] for i in row[place + 1 : place + 1 + LIST]]
                result[index] = _conventional(result[index], texts[index], below, after, settings)
    return tuple(result)


def _correct(
    lines: Sequence[Line],
    result: list[Line],
    rows: Sequence[Sequence[int]],
    foreign: Collection[int],
    settings: CleanupSettings,
) -> None:
    """Give ``result``, in place, the edits that repair misreadings."""
    own = _of_other_engines(lines, rows, foreign)
    by_words = _may_be_misread(lines, own)
    texts = [line.raw for line in lines]
    soiled = own is None or own.text.is_soiled
    for row in rows:
        for index, above, below in _between(texts, row):
            if index not in foreign:
                marks = edge_marks(lines[index], soiled=soiled)
                result[index] = result[index].with_edits(marks)
                result[index] = _corrected(result[index], above, below, by_words=by_words[index])
    if own is not None:
        _correct_other_engines(result, own, settings)
    for index, line in enumerate(lines):
        if line.kind is LineKind.FORM:
            result[index] = result[index].with_edits(set_phrases(line.raw))


def _between(texts: Sequence[str], row: Sequence[int]) -> Iterator[tuple[int, str, str]]:
    """The lines of a row by index, each with the text above and below it."""
    for place, index in enumerate(row):
        above = texts[row[place - 1]] if place else ""
        yield index, above, texts[row[place + 1]] if place + 1 < len(row) else ""


def _foreign(lines: Sequence[Line], rows: Sequence[Sequence[int]]) -> dict[int, Language]:
    """The lines, by index, that stand in a paragraph of no modern Russian, with its language.

    A line that is in Latin letters as a whole is so in a Russian paragraph too.
    """
    paragraphs: list[list[int]] = []
    for row in rows:
        for place, index in enumerate(row):
            if not place or lines[index].starts_paragraph:
                paragraphs.append([])
            paragraphs[-1].append(index)
    languages = languages_of(["\n".join(lines[i].raw for i in part) for part in paragraphs])
    pairs = zip(paragraphs, languages, strict=True)
    found: dict[int, Language] = {}
    for part, language in pairs:
        if language != Language.RUSSIAN:
            found |= dict.fromkeys(part, language)
    for part in paragraphs:
        for i in part:
            if i not in found and language_of(lines[i].raw) is Language.LATIN:
                found[i] = Language.LATIN
    return found


def _as_it_is(line: Line, below: str, language: Language, settings: CleanupSettings) -> Line:
    """``line`` of another language: only words broken at its end are joined."""
    said = Reason(rule="language", evidence=f"{language}: not corrected", weight=0.0)
    line = replace(line, reasons=(*line.reasons, said))
    return line.with_edits(line_end_hyphen(line.raw, below)) if settings.conventions else line


@dataclass(frozen=True)
class _Own:
    """The lines of other engines' text: their indices row by row, and their text."""

    rows: list[list[int]]
    text: RawText


def _of_other_engines(
    lines: Sequence[Line], rows: Sequence[Sequence[int]], foreign: Collection[int]
) -> _Own | None:
    own = [[i for i in row if lines[i].reading.reader == FILE and i not in foreign] for row in rows]
    if not any(own):
        return None
    # What the corrector knows is large; scans do not wait for it.
    from pipeline.cleanup.raw_text import RawText  # noqa: PLC0415

    read = [[lines[i].raw for i in row] for row in own]
    return _Own(own, RawText([[blanked(raw) for raw in raws] for raws in read], read))


def _may_be_misread(lines: Sequence[Line], own: _Own | None) -> list[bool]:
    """For each line whether the rules that go by words alone may change it.

    Not another engine's lines that are edited prose, and not those of a text that is full of
    misread words: these are the corrector's.
    """
    if own is None:
        return [True] * len(lines)
    from pipeline.cleanup.slots import misread_around  # noqa: PLC0415  is large

    around = misread_around([line.raw for line in lines])
    light = not own.text.is_soiled
    return [line.reading.reader != FILE or (light and around[i]) for i, line in enumerate(lines)]


def _correct_other_engines(lines: list[Line], own: _Own, settings: CleanupSettings) -> None:
    """Give lines of other engines' text, in place, the edits of the corrector and its guesses."""
    from pipeline.cleanup.correct import corrections  # noqa: PLC0415  is large

    edits, guesses = corrections(own.text, settings.sure_at)
    for row, edits_of_row, guesses_of_row in zip(own.rows, edits, guesses, strict=True):
        for index, new, guessed in zip(row, edits_of_row, guesses_of_row, strict=True):
            kept = [x for x in new if x.layer is Layer.DIPLOMATIC or settings.conventions]
            line = lines[index].with_edits(kept)
            lines[index] = _with_guesses(line, guessed) if guessed else line


def _with_guesses(line: Line, guesses: Sequence[Guess]) -> Line:
    """``line`` with what its unmended words may have been, as a reading beside its own."""
    words: list[Word] = []
    done = 0
    for guess in sorted(guesses):
        if guess.start < done or any(
            e.start < guess.stop and e.end > guess.start for e in line.edits
        ):
            continue
        read = line.raw[guess.start : guess.stop]
        gap = line.raw[done : guess.start]
        confidence = guess.probability if guess.text else None
        words.append(Word(text=guess.text or read, gap=gap, confidence=confidence, other=read))
        done = guess.stop
    if not words:
        return line
    reading = Reading(reader=GUESSES, words=tuple(words), tail=line.raw[done:])
    return replace(line, alternatives=(*line.alternatives, reading))


def _rows(lines: Sequence[Line]) -> list[list[int]]:
    """The lines of true text by index, cut where their kind changes."""
    rows: list[list[int]] = []
    for index, line in enumerate(lines):
        if line.kind not in WORDING or line.verdict is Verdict.DROP:
            continue
        if rows and lines[rows[-1][-1]].kind is line.kind:
            rows[-1].append(index)
        else:
            rows.append([index])
    return rows


def _corrected(line: Line, above: str, below: str, *, by_words: bool) -> Line:
    """``line`` with what repairs its reading; the first rules take precedence.

    ``by_words``: words may be changed because they are none.
    """
    raw = line.raw
    voted = line.reading.reader == VOTE
    line = line.with_edits((*letter_spaced(line), *look_alikes(raw, scripts_told=voted)))
    # Tesseract makes up spaces after punctuation; the vote's are right more often than the pitch.
    if not voted:
        line = line.with_edits(false_spaces(line))
    line = line.with_edits(set_phrases(raw))
    if not by_words:
        return line
    line = line.with_edits((*split_words(line, above, below), *lost_spaces(line, above, below)))
    strict = line.reading.reader == FILE
    allowed = partial(may_be_mended, line)
    return line.with_edits(misreadings(raw, above, below, strict=strict, allowed=allowed))


def _conventional(
    line: Line, shown: str, below: str, after: Sequence[str], settings: CleanupSettings
) -> Line:
    """``line`` with what makes the reading layer.

    ``shown``: its reading without marks beside it; ``after``: the lines that follow.
    """
    raw = line.raw
    if settings.conventions:
        line = line.with_edits((*hard_signs(raw), *roman_months(raw), *year_spaces(raw)))
        line = line.with_edits(typed_figures(raw, after))
        line = line.with_edits(line_end_hyphen(shown, below))
        line = line.with_edits(wide_gaps(line))
    if settings.yo:
        line = line.with_edits(yo(raw))
    return line
