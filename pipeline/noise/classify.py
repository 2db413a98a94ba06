"""From evidence to a probability, a verdict and a kind for every line of a page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import regex

from pipeline.config import NoiseSettings
from pipeline.errors import ConfigError
from pipeline.logit import logit, sigmoid
from pipeline.model import Line, LineKind, Reason, Verdict
from pipeline.noise.address_lists import with_address_lists
from pipeline.noise.crf import (
    STATES,
    TEXT,
    Array,
    Weights,
    marginals,
    softmax,
    stored_weights,
    text_log_odds,
)
from pipeline.noise.features import Features, Neighbours
from pipeline.noise.legibility import judged_by_legibility
from pipeline.noise.rescue import rescued
from pipeline.noise.rules import NAMES, Evidence, gather
from pipeline.noise.text_rescue import rescued_by_text
from pipeline.noise.vocabulary import is_table, is_urgency, matches, phrase_share
from pipeline.resources.language import SectionName

NEIGHBOURS = "neighbours"
"""Rule name of the reason that says what the lines above and below speak for."""

BACKED = "own-evidence"
"""Rule name of the reason why a line was not dropped for its place alone."""

_NAMING = frozenset({"addressee-words", "salutation-words", "dative-name"})
_LEAST_SHOWN = 0.05
_SURE = 2.2
"""Log-odds (0.9) from which a line reads as text by itself."""

FORM_WORDS = frozenset(
    name.replace("_", "-")
    for name in ("letterhead_words", "head_line", "table_marks", "split_names", "ruled_signs",
                 "special_numbers", "urgency_word", "foot_words", "stamp_words", "dative_name")
)  # fmt: skip
"""Rules that found words of the form: with these, place is not the only ground to drop."""

_KINDS = {"head": LineKind.FORM, "foot": LineKind.FORM}
_SEEN = frozenset({LineKind.STAMP, LineKind.HANDWRITING})
_ADDRESSEE = np.array([state == "addressee" for state in STATES])
_SECTIONS: tuple[SectionName, ...] = ("head", "special", "foot")
_LEGIBLE = 0.5
_NO_TEXT = (LineKind.NOISE, LineKind.TABLE, LineKind.STAMP, LineKind.HANDWRITING)


def classify(
    lines: Sequence[Line],
    settings: NoiseSettings,
    height: int | None = None,
    *,
    weights: Weights | None = None,
) -> tuple[Line, ...]:
    """Give each line of one page a kind, a verdict, reasons and a probability.

    ``height`` is that of the page's scan in pixels, ``None`` where there is none or it is not
    known. The probability (``text_probability``) is that of being text of the document: body,
    heading, addressee, signature or page number. From ``keep_at`` on such a line is kept,
    below ``drop_at`` it is not text: legible lines of the form are kept as such, all else is
    dropped. Between, it is unsure and counts as text. No line is lost and none is reordered.
    Lines that match ``force_keep`` or ``force_drop`` say so as their first reason. ``weights``
    stand in for those that ship, while new ones are tried.

    Raises:
        ConfigError: a force pattern is not a regular expression.

    """
    keep, drop = (_patterns(settings, key) for key in ("force_keep", "force_drop"))
    if not lines:
        return ()
    evidence = gather(lines, height)
    weights = weights or stored_weights(NAMES)
    own = evidence.strengths @ weights.rules + weights.bias
    together, alone = marginals(own, weights), softmax(own)
    odds = np.stack([text_log_odds(together), text_log_odds(alone)], axis=1) / weights.sharpness
    classified: list[Line] = []
    for index, features in enumerate(evidence.view.lines):
        reasons = _reasons(index, evidence, alone[index], odds[index], weights)
        total = float(odds[index, 0])
        if (backed := _backed(odds[index], reasons, settings)) is not None:
            reasons, total = (backed, *reasons), total + backed.weight
        line = _decided(features, together[index], sigmoid(total), reasons, settings)
        classified.append(rescued(line, Neighbours(view=evidence.view, index=index)))
    judged = rescued_by_text(judged_by_legibility(with_address_lists(classified)))
    return tuple(_forced(line, keep, drop) for line in judged)


def _backed(odds: Array, reasons: tuple[Reason, ...], settings: NoiseSettings) -> Reason | None:
    """Why a line that its neighbours speak against is not dropped; ``None`` where it may be.

    Its place alone is never ground enough: what reads as text by itself, without a word of the
    form in it, stays as unsure.
    """
    least = logit(settings.drop_at)
    if odds[0] >= least or odds[1] < _SURE or any(r.rule in FORM_WORDS for r in reasons):
        return None
    words = f"reads as text by itself ({sigmoid(odds[1]):.0%}): its place alone does not drop it"
    return Reason(rule=BACKED, evidence=words, weight=round(least - float(odds[0]) + 1e-3, 3))


def _decided(
    features: Features,
    states: Array,
    probability: float,
    reasons: tuple[Reason, ...],
    settings: NoiseSettings,
) -> Line:
    is_text = probability >= settings.drop_at
    named = any(reason.rule in _NAMING for reason in reasons)
    kind = kind_of(features, states, is_text=is_text, named=named)
    verdict = Verdict.KEEP
    if is_text and probability < settings.keep_at:
        verdict = Verdict.UNSURE
    elif not is_text and not (kind in (LineKind.FORM, LineKind.TABLE) and legible(features)):
        verdict = Verdict.DROP
    return replace(
        features.line,
        kind=kind,
        verdict=verdict,
        reasons=reasons,
        text_probability=round(probability, 4),
    )


def _reasons(
    index: int, evidence: Evidence, alone: Array, odds: Array, weights: Weights
) -> tuple[Reason, ...]:
    """What each rule adds to the log-odds of text, near where this line stands.

    A rule weighs differently for each state; what counts is its mean weight over the states of
    text less that over the others, each by its probability: the slope of the log-odds.
    """
    shares = np.where(TEXT, alone, 0.0), np.where(TEXT, 0.0, alone)
    for_text, for_other = (weights.rules @ (s / max(float(s.sum()), 1e-12)) for s in shares)
    slopes = (for_text - for_other) / weights.sharpness
    found = [
        Reason(
            rule=NAMES[number].replace("_", "-"),
            evidence=words,
            weight=round(float(slopes[number] * evidence.strengths[index, number]), 3),
        )
        for number, words in evidence.words[index].items()
    ]
    place = round(float(odds[0] - odds[1]), 3)
    if abs(place) > _LEAST_SHOWN:
        side = "text" if place > 0 else "the form or noise"
        words = f"the lines above and below it make {side} likelier"
        found.append(Reason(rule=NEIGHBOURS, evidence=words, weight=place))
    return tuple(sorted(found, key=lambda r: -abs(r.weight)))


def _patterns(settings: NoiseSettings, key: str) -> tuple[regex.Pattern[str], ...]:
    try:
        return tuple(regex.compile(p) for p in getattr(settings, key))
    except regex.error as error:
        raise ConfigError(f"noise.{key}", f"is not a regular expression: {error}") from error


def _forced(
    line: Line, keep: Sequence[regex.Pattern[str]], drop: Sequence[regex.Pattern[str]]
) -> Line:
    for verdict, patterns, weight in ((Verdict.KEEP, keep, 30.0), (Verdict.DROP, drop, -30.0)):
        for pattern in patterns:
            if pattern.search(line.raw, timeout=1.0):
                evidence = f"settings force {verdict}: {pattern.pattern}"
                reason = Reason(rule=f"force-{verdict}", evidence=evidence, weight=weight)
                is_body = verdict is Verdict.KEEP and line.kind in _NO_TEXT
                kind = LineKind.BODY if is_body else line.kind
                return replace(line, kind=kind, verdict=verdict, reasons=(reason, *line.reasons))
    return line


def kind_of(features: Features, states: Array, *, is_text: bool, named: bool) -> LineKind:
    """The likeliest kind of a line among those of text, or among the others.

    ``states`` are the probabilities, ``(S,)``, of :data:`~pipeline.noise.crf.STATES`. Noise
    that the layout saw as a stamp or as handwriting is filed as that. ``named``: it names an
    addressee; without that its place alone does not take a line out of the body.
    """
    if not named:
        states = np.where(_ADDRESSEE, 0.0, states)
    state = STATES[int(np.argmax(np.where(TEXT if is_text else ~TEXT, states, -1.0)))]
    kind = _KINDS.get(state) or LineKind(state)
    return features.line.kind if kind is LineKind.NOISE and features.line.kind in _SEEN else kind


def legible(features: Features) -> bool:
    """Whether a line of the form says something: words, its vocabulary, or a number alone."""
    text = features.text
    garbled = features.bad_letters > _LEGIBLE * max(1, features.letters)
    if garbled and not _has_form_words(text):
        return False
    numbered = is_table(text) and any(c.isdecimal() for c in text)
    return features.letters > 2 or text.strip(" .").isdecimal() or numbered


def _has_form_words(text: str) -> bool:
    if is_urgency(text) or any(matches(text, section) for section in _SECTIONS):
        return True
    known = max(phrase_share(text, section) for section in ("letterhead", "foot"))
    return known > _LEGIBLE or (is_table(text) and "\t" not in text)
