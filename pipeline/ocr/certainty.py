"""How sure a word is that only the recogniser read: no second reader was asked, or there is none.

"Not asked" is a case of its own: neither an agreement nor a difference. What is known of such a
word is a part of what the vote knows of one; the weights are fitted by themselves
(``pipeline/training/fit_certainty.py``) and stand in ``config/fitted/certainty.toml``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from pipeline.character_lm import CharacterLM
from pipeline.errors import ConfigError
from pipeline.logit import sigmoid
from pipeline.model import VOTE, Reading
from pipeline.ocr.ctc import LineRecognition
from pipeline.ocr.engine import make_reading
from pipeline.ocr.vote import WORD_NAMES, drafts, own_segment, word_evidence
from pipeline.resources import fitted

ALONE_NAMES = tuple(
    name for name in WORD_NAMES if name not in ("agreed", "other_sure", "vote", "disputed")
)
"""The evidence on a word of one reader: that on any word, less what compares two readers."""


def alone(recognition: LineRecognition, chars: CharacterLM) -> Reading:
    """The reading of a line for which no other reader was asked: the recogniser's.

    Confidences of its words are probabilities of being right (0.0-1.0), as those of a vote; no
    word has an ``other``.
    """
    own = recognition.decoded
    segments = [own_segment(own, recognition.edges, 0, len(own.text))] if own.text else []
    words = [
        replace(word, confidence=_probability(facts_alone(word_evidence(draft, None, chars))))
        for draft, word in zip(drafts(segments), recognition.reading.words, strict=True)
    ]
    return make_reading(VOTE, words)


def facts_alone(facts: Sequence[float]) -> tuple[float, ...]:
    """Those of ``facts``, by ``WORD_NAMES``, that stand under ``ALONE_NAMES``."""
    pairs = zip(WORD_NAMES, facts, strict=True)
    return tuple(fact for name, fact in pairs if name in ALONE_NAMES)


def _probability(facts: Sequence[float]) -> float:
    return sigmoid(sum(weight * fact for weight, fact in zip(_weights(), facts, strict=True)))


@cache
def _weights() -> tuple[float, ...]:
    """The weights of ``config/fitted/certainty.toml``, by ``ALONE_NAMES``.

    Raises:
        ConfigError: the table lacks one.

    """
    try:
        return tuple(fitted.certainty().alone[name] for name in ALONE_NAMES)
    except KeyError as error:
        raise ConfigError(
            "config/fitted/certainty.toml", f"has no weight for {error}; fit it anew"
        ) from error
