"""What a document's page is told, kept small: short keys, strings once, defaults left out.

The keys are between this file and the scripts in ``static/``; they are no format for others.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rapidfuzz import fuzz, process

from pipeline.evaluate.filing import ALIKE, SHORT
from pipeline.evaluate.score import Score
from pipeline.ground_truth import Truth
from pipeline.layout.sheets import shown_parts
from pipeline.model import (
    TESSERACT,
    Box,
    Document,
    Line,
    LineKind,
    Problem,
    Reading,
    Verdict,
)
from pipeline.report.charts import CAUSES
from pipeline.report.line_diffs import Segment, line_diffs
from pipeline.text import Level

_VERDICTS = {Verdict.KEEP: "k", Verdict.UNSURE: "u", Verdict.DROP: "d"}


def document_data(
    document: Document,
    truth: Truth | None,
    score: Score | None,
    *,
    pictures: Sequence[str | None],
    problems: Sequence[Problem],
    source: str,
    shown: Sequence[LineKind],
) -> dict[str, Any]:
    """The data of one document's page.

    ``pictures`` are file names by page; ``shown`` are the kinds of the transcript. A page's ``v``
    is the part of its picture that shows it.
    """
    strings = _Strings()
    kinds = (score.kinds or tuple(LineKind)) if score is not None else ()
    diffs, missing = _diffs(document, truth, kinds)
    lines: list[dict[str, Any]] = []
    for number, page in enumerate(document.pages):
        for line in page.lines:
            lines.append(_line(line, number, strings) | _known(d=diffs.get(len(lines))))
    return {
        "id": document.id,
        "source": source,
        "pages": [
            _known(
                n=page.number, w=page.scan.width, h=page.scan.height, src=picture, v=_sides(part)
            )
            for page, picture, part in zip(
                document.pages, pictures, shown_parts(document.pages), strict=True
            )
        ],
        "lines": lines,
        "missing": missing,
        "kinds": list(shown),
        "strings": strings.all,
        "fields": [
            _known(
                name=field.name,
                value=field.value,
                raw=field.raw,
                p=next((i for i, x in enumerate(document.pages) if _holds(x.lines, field.box)), 0),
                b=_sides(field.box),
                c=_percent(field.confidence),
            )
            for field in document.fields
        ],
        "problems": [[x.code, x.message, x.page] for x in problems],
        "findings": [
            [x.code, x.message, x.advice, page.number if len(document.pages) > 1 else 0]
            for page in document.pages
            for x in page.findings
        ],
        "figures": _figures(score),
    }


class _Strings:
    """Texts that many lines share, each once."""

    def __init__(self) -> None:
        self.all: list[str] = []
        self._index: dict[str, int] = {}

    def index(self, text: str) -> int:
        if text not in self._index:
            self._index[text] = len(self.all)
            self.all.append(text)
        return self._index[text]


def _line(line: Line, page: int, strings: _Strings) -> dict[str, Any]:
    reading = line.reading
    raw = line.raw.strip("\n")
    others = [x for x in line.readings if x.text != raw]
    return _known(
        i=line.id,
        p=page or None,
        b=_sides(line.box),
        k=line.kind if line.kind is not LineKind.BODY else None,
        v=_VERDICTS[line.verdict] if line.verdict is not Verdict.KEEP else None,
        c=_percent(line.text_probability),
        r=raw,
        e=[
            [e.start, e.before, e.after, strings.index(f"{e.rule}: {e.evidence}".rstrip(": "))]
            for e in line.edits
        ],
        q=[
            [strings.index(x.evidence), strings.index(x.rule), round(x.weight, 1)]
            for x in line.reasons
        ],
        o=[[x.reader, x.text, _percent(x.confidence)] for x in others],
        n=reading.reader if reading.reader != TESSERACT else None,
        w=_word_confidences(reading),
        u=[
            [place, word.other]
            for place, word in enumerate(reading.words)
            if word.other is not None
        ],
        g=1 if line.starts_paragraph else None,
    )


def _word_confidences(reading: Reading) -> list[int] | None:
    """One percentage for each word of the raw text; ``None`` where they do not fit it."""
    known = [word.confidence for word in reading.words if word.confidence is not None]
    texts = [word.text for word in reading.words]
    if not texts or len(known) < len(texts) or texts != reading.text.split():
        return None
    return [round(100 * x) for x in known]


def _diffs(
    document: Document, truth: Truth | None, kinds: Sequence[LineKind]
) -> tuple[dict[int, list[Segment]], list[list[object]]]:
    if truth is None:
        return {}, []
    chosen = [
        (index, " ".join(line.text.split()))
        for index, line in enumerate(document.lines)
        if line.verdict is not Verdict.DROP and line.kind in kinds
    ]
    chosen = [(index, text) for index, text in chosen if text]
    found = line_diffs([text for _, text in chosen], truth.text_of(kinds))
    places = [index for index, _ in chosen] + [len(document.lines)]
    diffs = {
        index: list(segments) for (index, _), segments in zip(chosen, found.lines, strict=True)
    }
    others = [(i, line) for i, line in enumerate(document.lines) if i not in diffs]
    missing: list[list[object]] = []
    for before, text in found.missing:
        at = _stands_in(text, others)
        missing.append([places[before], text] if at is None else [places[before], text, at])
    return diffs, missing


def _stands_in(text: str, others: Sequence[tuple[int, Line]]) -> int | None:
    """Which of the lines that are not compared holds a missing ``text``; ``None``: none does."""
    if len(text) < SHORT:
        return next((i for i, line in others if line.text.strip() == text), None)
    choices = {i: line.text for i, line in others if len(line.text) >= SHORT}
    found = process.extractOne(
        text, choices, scorer=fuzz.partial_ratio, score_cutoff=ALIKE, processor=None
    )
    return None if found is None else int(found[2])


def _figures(score: Score | None) -> dict[str, Any] | None:
    if score is None:
        return None

    def at(level: Level) -> dict[str, Any]:
        clean = score.clean
        causes, details = clean.causes.at(level), clean.details.at(level)
        return _known(
            cer=clean.scores.cer.at(level).rate,
            wer=clean.scores.wer.at(level).rate,
            raw=score.raw.scores.cer.at(level).rate if score.raw else None,
            body=score.body.at(level).counts.rate,
            fca=details.flexible.accuracy,
            perfect=[details.perfect_lines.count, details.perfect_lines.total],
            causes=[getattr(causes, name) for name in CAUSES],
        )

    return {
        "levels": {level.value: at(level) for level in Level},
        "loss": [score.body_loss.dropped, score.body_loss.misfiled, score.body_loss.length]
        if score.body_loss
        else None,
    }


def _holds(lines: Sequence[Line], box: Box | None) -> bool:
    return any(line.box == box for line in lines)


def _sides(box: Box | None) -> list[int] | None:
    return [box.left, box.top, box.width, box.height] if box is not None else None


def _percent(value: float | None) -> int | None:
    return None if value is None else round(100 * value)


def _known(**values: object) -> dict[str, Any]:
    """Without what is unknown or empty; floats to five digits."""
    return {
        name: round(value, 5) if isinstance(value, float) else value
        for name, value in values.items()
        if value is not None and value != []
    }
