"""The score of one document against its truth: made once, and kept beside the document.

Which text is compared: the *raw* text is every line as read, before filter and
corrections; the *clean* text is the kept and unsure lines of the compared kinds. Levels
``strict`` and ``typewriter`` compare its diplomatic layer, level ``reading`` its reading
layer.

``score.json`` holds a score and what decides it: document, truth, settings and the code of
the evaluation. Where any of these is another one now, the score is made anew.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, fields, is_dataclass, replace
from enum import Enum
from functools import cache
from pathlib import Path
from typing import Any, Literal

import msgspec
import rapidfuzz

from pipeline import transcript
from pipeline.config import EvaluateSettings
from pipeline.errors import OutputError, TruthError
from pipeline.evaluate.align import AlignedTexts
from pipeline.evaluate.body import BodyMatch, match_body
from pipeline.evaluate.body_loss import BodyLoss, body_loss
from pipeline.evaluate.confidence import Confidence, confidence_of
from pipeline.evaluate.details import Details, details_of
from pipeline.evaluate.error_causes import ErrorCauses, causes_of
from pipeline.evaluate.field_scores import FieldCounts, field_counts
from pipeline.evaluate.filing import Filing, filing
from pipeline.evaluate.keyed import KeyedCounts, keyed_counts, keyed_rows
from pipeline.evaluate.kinds_read import LinesFound, counts_by_kind, lines_found
from pipeline.evaluate.metrics import ByLevel, Counts, TextScore, compare_layers, scores_of
from pipeline.evaluate.scopes import KINDS, ByScope, Scope, scope_counts
from pipeline.evaluate.truth_kinds import kinds_held
from pipeline.ground_truth import Truth
from pipeline.model import Document, Layer, LineKind, Verdict
from pipeline.store import DOCUMENT_FILE, SCORE_FILE, files_digest, to_json, write_atomic

_PAGE = KINDS[Scope.PAGE]
_BENEATH = ("ground_truth", "model", "reading", "text", "transcript")


@dataclass(frozen=True, slots=True, kw_only=True)
class TextReport:
    """One text against the truth: its errors, their causes (which sum to them), and details."""

    scores: TextScore
    causes: ByLevel[ErrorCauses]
    details: ByLevel[Details]


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """One document against its truth.

    ``kinds`` are those compared; none where neither side says kinds, and all was. ``body`` is
    everything that was read with the noise around the body cut away. ``raw``, ``body_loss`` and
    ``confidence`` are ``None`` for a result of another program: nothing is known of what was
    dropped there, and the text itself is ``clean``. (Its confidences are known where its format
    has them.)

    ``scopes``: the same at every scope. ``filing``: kinds as filed against kinds as true.
    ``kinds_read``: errors by true kind at level ``reading``. ``lines_found``: of the true lines
    with a box. ``fields``: of the form, where the truth tells them. ``keyed``: by the definition
    for keyed pages, where the truth labels its lines and knows their texts.
    """

    document_id: str
    labelled: bool
    kinds: tuple[LineKind, ...]
    clean: TextReport
    body: ByLevel[BodyMatch]
    raw: TextReport | None = None
    body_loss: BodyLoss | None = None
    confidence: Confidence | None = None
    scopes: ByScope = ()
    filing: Filing = field(default_factory=Filing)
    kinds_read: tuple[tuple[LineKind, Counts], ...] = ()
    lines_found: LinesFound | None = None
    fields: tuple[FieldCounts, ...] = ()
    keyed: KeyedCounts | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreCounts:
    """The counts of a score alone: all that tables need, and small for many documents.

    ``raw`` and ``body_loss`` are ``None`` where the score has none.
    """

    clean: TextScore
    raw: TextScore | None = None
    body_loss: BodyLoss | None = None

    @classmethod
    def of(cls, score: Score) -> ScoreCounts:
        """The counts of ``score``."""
        return cls(
            clean=score.clean.scores,
            raw=score.raw.scores if score.raw else None,
            body_loss=score.body_loss,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Basis:
    """What decides a score: digests (hex) of document, truth and code, and the settings."""

    document: str
    truth: str
    code: str
    settings: EvaluateSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class _StoredScore:
    """The contents of ``score.json``."""

    schema: Literal["depesha/score"] = "depesha/score"
    version: Literal[1] = 1
    basis: _Basis
    score: Score


def evaluate_texts(reference: str, hypothesis: str) -> TextReport:
    """``hypothesis`` against ``reference`` (plain texts), at the three levels.

    CER and WER (``scores``), their causes, and which letters, words and lines are wrong
    (``details``). Levels fold what they fold in both texts: see ``docs/measures.md``.
    """
    return _report(compare_layers(reference, hypothesis, hypothesis))


def score_document(document: Document, truth: Truth, settings: EvaluateSettings) -> Score:
    """The score of ``document``, raw and cleaned, at the three levels.

    Compared are the lines of ``settings.kinds`` where the truth labels its lines, else
    those of the kinds that the truth holds (``truth_kinds.py``) with all of the truth's text. Of a
    partial truth, only its pages are.

    Raises:
        TruthError: the true text of a line of these kinds is not known.

    """
    document = truth.known_of(document)
    kinds = compared_kinds(truth, settings, document)
    reference = truth.text_of(kinds)
    raw = transcript.raw_text(document)
    diplomatic = transcript.render(document, Layer.DIPLOMATIC, kinds)
    reading = transcript.render(document, Layer.READING, kinds)
    raw_pairs = compare_layers(reference, raw, raw)
    other = [
        x.text for x in document.lines if x.verdict is not Verdict.DROP and x.kind not in kinds
    ]
    whole = transcript.render(document, Layer.DIPLOMATIC, KINDS[Scope.DOCUMENT])
    return Score(
        document_id=document.id,
        labelled=truth.labelled,
        kinds=kinds,
        clean=_report(compare_layers(reference, diplomatic, reading), other, truth.names),
        body=match_body(raw_pairs),
        raw=_report(raw_pairs, names=truth.names),
        body_loss=body_loss(document, truth, kinds),
        confidence=_confidence(reference, document, kinds),
        scopes=scope_counts(truth, document),
        filing=filing(document, truth),
        kinds_read=counts_by_kind(truth, transcript.render(document, Layer.READING, _PAGE)),
        lines_found=lines_found(document, truth),
        fields=field_counts(document, truth),
        keyed=_keyed(truth, whole),
    )


def stored_score(
    folder: Path, document: Document, truth: Truth, settings: EvaluateSettings
) -> Score:
    """The score of ``document``, which is stored in ``folder``: kept there, and made once.

    Raises:
        TruthError: the true text of a line of the compared kinds is not known.

    """
    basis = _basis(folder, truth, settings)
    score = _load(folder, basis)
    if score is None:
        score = score_document(document, truth, settings)
        # It can be had again; where the folder cannot be written the document says so.
        with suppress(OutputError):
            stored = _StoredScore(basis=basis, score=score)
            write_atomic(folder / SCORE_FILE, to_json(stored, indent=None))
    return score


def load_score(folder: Path, truth: Truth, settings: EvaluateSettings) -> Score | None:
    """The score in ``folder`` if it is of its document as it is, ``truth`` and ``settings``."""
    return _load(folder, _basis(folder, truth, settings))


def _load(folder: Path, basis: _Basis) -> Score | None:
    # Nothing, damaged, of another version: one reason to score is as good as another.
    with suppress(OSError, ValueError, RecursionError, msgspec.ValidationError):
        stored = msgspec.convert(json.loads((folder / SCORE_FILE).read_bytes()), _StoredScore)
        if stored.basis == basis:
            return stored.score
    return None


def _basis(folder: Path, truth: Truth, settings: EvaluateSettings) -> _Basis:
    with (folder / DOCUMENT_FILE).open("rb") as stream:
        document = hashlib.file_digest(stream, "sha256").hexdigest()
    told = (truth.text, truth.labelled, truth.lines, truth.text_kinds, truth.fields, truth.names)
    decisive = to_json((*told, truth.only_pages), indent=None)
    return _Basis(
        document=document,
        truth=hashlib.sha256(decisive.encode()).hexdigest(),
        code=_code(),
        settings=settings,
    )


@cache
def _code() -> str:
    """What decides a score beside its texts: this room, what it stands on, and RapidFuzz."""
    package = Path(__file__).parents[1]
    files = sorted(Path(__file__).parent.glob("*.py"))
    files += [package / f"{name}.py" for name in _BENEATH]
    return f"{files_digest(package, files)}, RapidFuzz {rapidfuzz.__version__}"


def score_text(name: str, text: str, truth: Truth, settings: EvaluateSettings) -> Score:
    """The score of plain ``text`` (another engine's, say); one text for both layers.

    Raises:
        TruthError: the true text of a line of ``settings.kinds`` is not known, or the truth is
            of some pages only.

    """
    if truth.only_pages and text:
        raise TruthError(truth.path, "is of some pages only; text without pages has no such part")
    kinds = compared_kinds(truth, settings)
    reference = truth.text_of(kinds)
    pairs = compare_layers(reference, text, text)
    return Score(
        document_id=name,
        labelled=truth.labelled,
        kinds=kinds,
        clean=_report(pairs, names=truth.names),
        body=match_body(pairs),
        scopes=scope_counts(truth, None, text),
        kinds_read=counts_by_kind(truth, text),
        keyed=_keyed(truth, text),
    )


def score_foreign(document: Document, truth: Truth, settings: EvaluateSettings) -> Score:
    """The score of another program's result that came with lines, and perhaps confidences.

    Raises:
        TruthError: the true text of a line of ``settings.kinds`` is not known.

    """
    document = truth.known_of(document)
    text = transcript.raw_text(document)
    score = score_text(document.id, text, replace(truth, only_pages=()), settings)
    reference = truth.text_of(score.kinds)
    return replace(
        score,
        confidence=_confidence(reference, document, tuple(LineKind)),
        lines_found=lines_found(document, truth),
    )


def compared_kinds(
    truth: Truth, settings: EvaluateSettings, document: Document | None = None
) -> tuple[LineKind, ...]:
    """The kinds of lines that are compared with ``truth``.

    None where neither the truth nor the result (``document`` is ``None``) says kinds: then all of
    the one is compared with all of the other.
    """
    if truth.labelled:
        return tuple(settings.kinds)
    if document is None:
        return ()
    return tuple(settings.unlabelled_kinds) or kinds_held(document, truth)


def as_json(value: object) -> Any:
    """Any value of this room as plain dicts and lists, with the figures that follow from it.

    Unlike the bare fields, this has ``errors`` and ``rate`` beside the counts; an unknown
    rate or interval is ``null``.
    """
    if is_dataclass(value) and not isinstance(value, type):
        names = [item.name for item in fields(value)]
        names += [name for name, x in vars(type(value)).items() if isinstance(x, property)]
        return {name: as_json(getattr(value, name)) for name in names}
    if isinstance(value, tuple | list):
        return [as_json(item) for item in value]
    return value.value if isinstance(value, Enum) else value


def _keyed(truth: Truth, text: str) -> KeyedCounts | None:
    rows = keyed_rows(truth)
    return keyed_counts(rows, text) if rows else None


def _report(
    pairs: ByLevel[AlignedTexts], misfiled: Sequence[str] = (), names: Sequence[str] = ()
) -> TextReport:
    return TextReport(
        scores=scores_of(pairs),
        causes=ByLevel.of(lambda level: causes_of(pairs.at(level), misfiled)),
        details=ByLevel.of(lambda level: details_of(pairs.at(level), names)),
    )


def _confidence(
    reference: str, document: Document, kinds: Collection[LineKind]
) -> Confidence | None:
    """Of the words of the compared lines; ``None`` where no reader told its words."""
    lines = transcript.selected(document.lines, kinds)
    read = [(word.text, word.confidence) for line in lines for word in line.reading.words]
    return confidence_of(reference, read) if read else None
