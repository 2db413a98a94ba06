"""The score of one document against its truth, and of many together.

Which text is compared: the *raw* text is every line as read, before filter and
corrections; the *clean* text is the kept and unsure lines of the compared kinds. Levels
``strict`` and ``typewriter`` compare its diplomatic layer, level ``reading`` its reading
layer.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, is_dataclass
from enum import Enum
from typing import Any

from pipeline import transcript
from pipeline.config import EvaluateSettings
from pipeline.evaluate.loss import BodyLoss, body_loss
from pipeline.evaluate.metrics import ByLevel, Counts, TextScore, layer_for, score_layers
from pipeline.evaluate.split import Split, split_errors
from pipeline.evaluate.statistics import Comparison, Rate, compare_runs, rate_with_interval
from pipeline.ground_truth import Truth
from pipeline.model import Document, Layer, LineKind
from pipeline.text import Level


@dataclass(frozen=True, slots=True, kw_only=True)
class TextReport:
    """One text against the truth: its errors, and their causes (they sum to the errors)."""

    scores: TextScore
    split: ByLevel[Split]


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """One document against its truth.

    ``kinds`` are those compared. ``raw`` and ``body_loss`` are ``None`` for a result that
    is plain text: nothing is known of what was dropped there, and the text itself is
    ``clean``.
    """

    document_id: str
    labelled: bool
    kinds: tuple[LineKind, ...]
    clean: TextReport
    raw: TextReport | None = None
    body_loss: BodyLoss | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Total:
    """One kind of text (raw or clean) over many documents: micro-averages with intervals."""

    cer: ByLevel[Rate]
    wer: ByLevel[Rate]
    split: ByLevel[Split]


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """Many scores together. ``raw`` and ``body_loss`` are over the documents that have them."""

    documents: int
    clean: Total
    raw: Total | None
    body_loss: BodyLoss | None


def score_document(document: Document, truth: Truth, settings: EvaluateSettings) -> Score:
    """The score of ``document``, raw and cleaned, at the three levels.

    Compared are the lines of ``settings.kinds`` where the truth labels its lines, else
    those of ``settings.unlabelled_kinds`` with all of the truth's text.

    Raises:
        TruthError: the true text of a line of these kinds is not known.

    """
    kinds = settings.kinds if truth.labelled else settings.unlabelled_kinds
    reference = truth.text_of(kinds)
    raw = transcript.raw_text(document)
    return Score(
        document_id=document.id,
        labelled=truth.labelled,
        kinds=tuple(kinds),
        clean=_report(
            reference,
            transcript.render(document, Layer.DIPLOMATIC, kinds),
            transcript.render(document, Layer.READING, kinds),
        ),
        raw=_report(reference, raw, raw),
        body_loss=body_loss(document, truth, kinds),
    )


def score_text(name: str, text: str, truth: Truth, settings: EvaluateSettings) -> Score:
    """The score of plain ``text`` (another engine's, say); one text for both layers.

    Raises:
        TruthError: the true text of a line of ``settings.kinds`` is not known.

    """
    kinds = settings.kinds if truth.labelled else settings.unlabelled_kinds
    return Score(
        document_id=name,
        labelled=truth.labelled,
        kinds=tuple(kinds),
        clean=_report(truth.text_of(kinds), text, text),
    )


def summarise(scores: Sequence[Score]) -> Summary:
    """Micro-averages with bootstrap intervals over the documents, sums of the rest."""
    raw = [score.raw for score in scores if score.raw is not None]
    losses = [score.body_loss for score in scores if score.body_loss is not None]
    return Summary(
        documents=len(scores),
        clean=_total([score.clean for score in scores]),
        raw=_total(raw) if raw else None,
        body_loss=sum(losses, BodyLoss()) if losses else None,
    )


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
    return TextReport(
        scores=score_layers(reference, diplomatic, reading),
        split=ByLevel.of(
            lambda level: split_errors(reference, layer_for(level, diplomatic, reading), level)
        ),
    )


def _total(reports: Sequence[TextReport]) -> Total:
    def rates(measure: Callable[[TextScore], ByLevel[Counts]]) -> ByLevel[Rate]:
        found = [measure(report.scores) for report in reports]
        return ByLevel.of(lambda level: rate_with_interval([x.at(level) for x in found]))

    return Total(
        cer=rates(lambda scores: scores.cer),
        wer=rates(lambda scores: scores.wer),
        split=ByLevel.of(lambda level: sum((r.split.at(level) for r in reports), Split())),
    )
