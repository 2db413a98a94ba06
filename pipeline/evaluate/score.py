"""The score of one document against its truth, and of many together.

Which text is compared: the *raw* text is every line as read, before filter and
corrections; the *clean* text is the kept and unsure lines of the compared kinds. Levels
``strict`` and ``typewriter`` compare its diplomatic layer, level ``reading`` its reading
layer.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from enum import Enum
from typing import Any

from pipeline import transcript
from pipeline.config import EvaluateSettings
from pipeline.evaluate.align import excess
from pipeline.evaluate.aligned_texts import AlignedTexts
from pipeline.evaluate.body import BodyMatch, match_body
from pipeline.evaluate.body_loss import BodyLoss, body_loss
from pipeline.evaluate.confidence import Confidence, confidence_of
from pipeline.evaluate.details import Details, details_of
from pipeline.evaluate.error_causes import ErrorCauses, causes_of
from pipeline.evaluate.metrics import (
    ByLevel,
    Counts,
    TextScore,
    compare_layers,
    scores_of,
)
from pipeline.evaluate.statistics import Comparison, compare_runs
from pipeline.ground_truth import Truth
from pipeline.model import Document, Layer, LineKind
from pipeline.text import Level


@dataclass(frozen=True, slots=True, kw_only=True)
class TextReport:
    """One text against the truth: its errors, their causes (which sum to them), and details.

    ``excess`` bounds how many character errors the alignment of a long text may count over
    the exact distance; 0 where it is exact, as it always is for shorter ones.
    """

    scores: TextScore
    split: ByLevel[ErrorCauses]
    details: ByLevel[Details]
    excess: ByLevel[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """One document against its truth.

    ``kinds`` are those compared. ``body`` is everything that was read with the noise around
    the body cut away. ``raw``, ``body_loss`` and ``confidence`` are ``None`` for a result of
    another program: nothing is known of what was dropped there, and the text itself is
    ``clean``. (Its confidences are known where its format has them.)
    """

    document_id: str
    labelled: bool
    kinds: tuple[LineKind, ...]
    clean: TextReport
    body: ByLevel[BodyMatch]
    raw: TextReport | None = None
    body_loss: BodyLoss | None = None
    confidence: Confidence | None = None


def score_document(document: Document, truth: Truth, settings: EvaluateSettings) -> Score:
    """The score of ``document``, raw and cleaned, at the three levels.

    AlignedTexts are the lines of ``settings.kinds`` where the truth labels its lines, else
    those of ``settings.unlabelled_kinds`` with all of the truth's text.

    Raises:
        TruthError: the true text of a line of these kinds is not known.

    """
    kinds = compared_kinds(truth, settings)
    reference = truth.text_of(kinds)
    raw = transcript.raw_text(document)
    diplomatic = transcript.render(document, Layer.DIPLOMATIC, kinds)
    reading = transcript.render(document, Layer.READING, kinds)
    raw_report = _report(reference, raw, raw)
    return Score(
        document_id=document.id,
        labelled=truth.labelled,
        kinds=kinds,
        clean=_report(reference, diplomatic, reading),
        body=match_body(reference, raw, raw_report.scores.cer),
        raw=raw_report,
        body_loss=body_loss(document, truth, kinds),
        confidence=_confidence(reference, document, kinds),
    )


def score_text(name: str, text: str, truth: Truth, settings: EvaluateSettings) -> Score:
    """The score of plain ``text`` (another engine's, say); one text for both layers.

    Raises:
        TruthError: the true text of a line of ``settings.kinds`` is not known.

    """
    kinds = compared_kinds(truth, settings)
    reference = truth.text_of(kinds)
    clean = _report(reference, text, text)
    return Score(
        document_id=name,
        labelled=truth.labelled,
        kinds=kinds,
        clean=clean,
        body=match_body(reference, text, clean.scores.cer),
    )


def score_foreign(document: Document, truth: Truth, settings: EvaluateSettings) -> Score:
    """The score of another program's result that came with lines, and perhaps confidences.

    Raises:
        TruthError: the true text of a line of ``settings.kinds`` is not known.

    """
    score = score_text(document.id, transcript.raw_text(document), truth, settings)
    reference = truth.text_of(score.kinds)
    return replace(score, confidence=_confidence(reference, document, tuple(LineKind)))


def compared_kinds(truth: Truth, settings: EvaluateSettings) -> tuple[LineKind, ...]:
    """The kinds of lines that are compared with ``truth``."""
    return tuple(settings.kinds if truth.labelled else settings.unlabelled_kinds)


def compare_scores(
    first: Sequence[Score], second: Sequence[Score], level: Level, *, words: bool = False
) -> Comparison:
    """The clean texts of two runs at ``level``, paired by document: CER, or WER (``words``)."""

    def counts(scores: Sequence[Score]) -> dict[str, Counts]:
        chosen = {score.document_id: score.clean.scores for score in scores}
        return {name: (x.wer if words else x.cer).at(level) for name, x in chosen.items()}

    return compare_runs(counts(first), counts(second))


def as_json(value: object) -> Any:
    """Any value of this room as plain dicts and lists, with the figures that follow from it.

    Unlike the bare fields, this has ``errors`` and ``rate`` beside the counts; an unknown
    rate or interval is ``null``.
    """
    if is_dataclass(value) and not isinstance(value, type):
        names = [field.name for field in fields(value)]
        names += [name for name, x in vars(type(value)).items() if isinstance(x, property)]
        return {name: as_json(getattr(value, name)) for name in names}
    if isinstance(value, tuple | list):
        return [as_json(item) for item in value]
    return value.value if isinstance(value, Enum) else value


def _report(reference: str, diplomatic: str, reading: str) -> TextReport:
    pairs = compare_layers(reference, diplomatic, reading)
    return TextReport(
        scores=scores_of(pairs),
        split=ByLevel.of(lambda level: causes_of(pairs.at(level))),
        details=ByLevel.of(lambda level: details_of(pairs.at(level))),
        excess=ByLevel.of(lambda level: _excess(pairs.at(level))),
    )


def _excess(pair: AlignedTexts) -> int:
    return excess(pair.true_units, pair.read_units, pair.operations)


def _confidence(
    reference: str, document: Document, kinds: Collection[LineKind]
) -> Confidence | None:
    """Of the words of the compared lines; ``None`` where no reader told its words."""
    lines = transcript.selected(document.lines, kinds)
    read = [(word.text, word.confidence) for line in lines for word in line.reading.words]
    return confidence_of(reference, read) if read else None
