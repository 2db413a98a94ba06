"""From the chances of the states to the kind that a line is filed under."""

from __future__ import annotations

import numpy as np

from pipeline.model import LineKind
from pipeline.noise.crf import STATES, TEXT, Array
from pipeline.noise.features import Features
from pipeline.noise.vocabulary import is_table, is_urgency, matches, phrase_share
from pipeline.resources.language import SectionName

_KINDS = {"head": LineKind.FORM, "foot": LineKind.FORM}
_SEEN = frozenset({LineKind.STAMP, LineKind.HANDWRITING})
_ADDRESSEE = np.array([state == "addressee" for state in STATES])
_SECTIONS: tuple[SectionName, ...] = ("head", "special", "foot")
_LEGIBLE = 0.5


def kind_of(features: Features, chance: Array, *, is_text: bool, named: bool) -> LineKind:
    """The likeliest kind of a line among those of text, or among the others.

    ``chance`` is ``(S,)``, of the states of :data:`~pipeline.noise.crf.STATES`. Noise
    that the layout saw as a stamp or as handwriting is filed as that. ``named``: it names an
    addressee; without that its place alone does not take a line out of the body.
    """
    if not named:
        chance = np.where(_ADDRESSEE, 0.0, chance)
    state = STATES[int(np.argmax(np.where(TEXT if is_text else ~TEXT, chance, -1.0)))]
    kind = _KINDS.get(state) or LineKind(state)
    return features.line.kind if kind is LineKind.NOISE and features.line.kind in _SEEN else kind


def legible(features: Features) -> bool:
    """Whether a line of the form says something: words, its vocabulary, or a number alone."""
    if features.bad_letters > _LEGIBLE * max(1, features.letters) and not _says(features.text):
        return False
    text = features.text
    numbered = is_table(text) and any(c.isdecimal() for c in text)
    return features.letters > 2 or text.strip(" .").isdecimal() or numbered


def _says(text: str) -> bool:
    if is_urgency(text) or any(matches(text, section) for section in _SECTIONS):
        return True
    known = max(phrase_share(text, section) for section in ("letterhead", "foot"))
    return known > _LEGIBLE or (is_table(text) and "\t" not in text)
