"""From a recogniser's output to text: the likeliest texts side by side, weighed with a model.

Prefix beam search: Graves, Supervised Sequence Labelling with Recurrent Neural Networks (2012),
section 7.5.2, with a language model and a bonus for each character as in Hannun, Maas, Jurafsky and
Ng, First-Pass Large Vocabulary Continuous Speech Recognition using Bi-Directional Recurrent DNNs
(2014), arXiv:1408.2873. A text is worth

    log P(text | picture) + weight * log P(text as a line) + bonus * characters

where no character counts less than ``UNLIKELY`` in the model's part.

Nothing is invented and nothing certain is dropped: what the recogniser gives less than ``LEAST``
at a step, a character or the blank, is not tried there, whatever the model says.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from operator import attrgetter

import numpy as np

from pipeline.alphabet import ALPHABET
from pipeline.character_lm import BEGIN, END_NUMBER, CharacterLM
from pipeline.ocr.ctc import (
    Decoded,
    LogProbs,
    best_path,
    confidences,
    segment,
)

LEAST = 1e-3
"""Probability below which a character, or the blank, is not tried at a step."""

MOST = 6
"""Signs that are tried at a step, at most."""

REACH = 6.0
"""Nats by which a beginning may be behind the best one."""

UNLIKELY = math.log(0.003)
"""The least that the model may give a character: names and numbers are like no prose, and where the
recogniser sees them the model shall not count too much against them."""

_TINY = 1e-100
"""Probabilities of prefixes are brought up again when the best one falls below this."""


class _Prefix:
    """A beginning of a text, one object for each.

    ``blank`` and ``inked``: probability of the paths so far that read as it and end in a blank
    or in its last character; ``next_blank`` and ``next_inked`` the same after the step at hand.
    ``language``: natural logarithm by the model; ``added``: weighed, with the bonus.
    """

    __slots__ = (
        "added", "blank", "children", "inked", "language", "last", "near", "next_blank",
        "next_inked", "parent", "rank",
    )  # fmt: skip

    def __init__(self, parent: _Prefix | None, last: int, near: str) -> None:
        self.parent = parent
        self.last = last
        self.near = near
        self.blank = self.inked = self.next_blank = self.next_inked = 0.0
        self.language = self.added = self.rank = 0.0
        self.children: dict[int, _Prefix] = {}

    def text(self) -> str:
        characters = []
        here: _Prefix = self
        while here.parent is not None:
            characters.append(ALPHABET[here.last - 1])
            here = here.parent
        return "".join(reversed(characters))


class _Beam:
    """The search over one line. ``lost``: logarithm of what was scaled out of the prefixes."""

    def __init__(self, model: CharacterLM | None, width: int, weight: float, bonus: float) -> None:
        self.model, self.width, self.weight, self.bonus = model, width, weight, bonus
        self.reach = model.order - 1 if model else 0
        root = _Prefix(None, 0, BEGIN)
        root.blank = 1.0
        self.prefixes = [root]
        self.lost = 0.0

    def rest(self, share: float) -> None:
        """Steps that are blank for certain, ``share`` the logarithm of their probability."""
        self.lost += share
        for prefix in self.prefixes:
            prefix.blank += prefix.inked
            prefix.inked = 0.0

    def step(self, blank: float, row: dict[int, float], tried: list[tuple[int, float]]) -> None:
        """One step: the probabilities of ``blank``, of characters, and of those to try."""
        touched: list[_Prefix] = []
        for prefix in self.prefixes:
            before, inked, last = prefix.blank, prefix.inked, prefix.last
            both = before + inked
            if not prefix.next_blank and not prefix.next_inked:
                touched.append(prefix)
            prefix.next_blank += both * blank
            if last in row:
                prefix.next_inked += inked * row[last]
            for character, probability in tried:
                # The same character again is one more only after a blank.
                gained = (before if character == last else both) * probability
                if gained:
                    longer = prefix.children.get(character) or self._longer(prefix, character)
                    if not longer.next_blank and not longer.next_inked:
                        touched.append(longer)
                    longer.next_inked += gained
        self._keep(touched)

    def best(self) -> tuple[_Prefix, float, float]:
        """The best text, the logarithm of its probability by the recogniser, and its worth."""
        found = []
        for prefix in self.prefixes:
            network = math.log(prefix.blank + prefix.inked) + self.lost
            if self.model:
                end = max(UNLIKELY, self.model.log_of(END_NUMBER, prefix.near))
                prefix.language += end
                prefix.added += self.weight * end
            found.append((network + prefix.added, network, prefix))
        total, network, prefix = max(found, key=lambda x: x[0])
        return prefix, network, total

    def _longer(self, prefix: _Prefix, character: int) -> _Prefix:
        near = (prefix.near + ALPHABET[character - 1])[-self.reach :] if self.reach else ""
        longer = _Prefix(prefix, character, near)
        longer.added = prefix.added + self.bonus
        if self.model:
            likely = max(UNLIKELY, self.model.log_of(character, prefix.near))
            longer.language = prefix.language + likely
            longer.added += self.weight * likely
        prefix.children[character] = longer
        return longer

    def _keep(self, touched: list[_Prefix]) -> None:
        """The best of ``touched`` are the prefixes of the next step."""
        # What only a probability of zero has led to is no prefix; what was touched twice, first
        # with a probability of zero, is one.
        if len(touched) > 1:
            touched = [x for x in dict.fromkeys(touched) if x.next_blank or x.next_inked]
        elif touched and not (touched[0].next_blank or touched[0].next_inked):
            return
        if not touched:  # the step gives nothing any probability: it is no step
            return
        kept = touched if len(touched) == 1 else self._best_of(touched)
        for x in self.prefixes:
            x.blank = x.inked = 0.0
        highest = max([x.next_blank + x.next_inked for x in kept])
        if highest < _TINY:
            scale = 1.0 / highest
            self.lost -= math.log(scale)
            for x in kept:
                x.next_blank *= scale
                x.next_inked *= scale
        for x in kept:
            x.blank, x.inked = x.next_blank, x.next_inked
            x.next_blank = x.next_inked = 0.0
        self.prefixes = kept

    def _best_of(self, touched: list[_Prefix]) -> list[_Prefix]:
        """Those of ``touched`` that are kept, the best first; the others are as if untouched."""
        for x in touched:
            x.rank = math.log(x.next_blank + x.next_inked) + x.added
        touched.sort(key=attrgetter("rank"), reverse=True)
        worst = touched[0].rank - REACH
        most = min(self.width, len(touched))
        count = next((n for n in range(1, most) if touched[n].rank < worst), most)
        for x in touched[count:]:
            x.next_blank = x.next_inked = 0.0
        return touched[:count]


def decode(
    log_probs: LogProbs,
    model: CharacterLM | None,
    *,
    width: int,
    weight: float,
    bonus: float,
    least: float = LEAST,
) -> Decoded:
    """The text worth most (see above) among the ``width`` best beginnings kept at every step.

    ``log_probs`` as in ``ctc.py``. Without ``model`` only the recogniser counts, and ``weight``
    is without effect. Steps at which no character has ``least`` are taken to be blank; with
    ``least`` at 0.0 all steps are searched.
    """
    beam = _Beam(model, width, weight, bonus)
    floor = math.log(least) if least else -math.inf
    searched = np.flatnonzero(log_probs[:, 1:].max(axis=1) >= floor)
    blanks: list[float] = log_probs[:, 0].astype(np.float64).tolist()
    done = 0
    for step, (blank, pairs) in zip(
        searched.tolist(), _steps(log_probs[searched], least), strict=True
    ):
        if done < step:
            beam.rest(sum(blanks[done:step]))
        beam.step(blank, dict(pairs), _tried(pairs))
        done = step + 1
    if done < len(blanks):
        beam.rest(sum(blanks[done:]))
    prefix, network, total = beam.best()
    text = prefix.text()
    # Mostly it is what the likeliest path reads as.
    plain, spans = best_path(log_probs)
    if plain != text:
        spans = segment(log_probs, text) or ()
    return Decoded(
        text=text,
        spans=spans,
        confidences=confidences(log_probs, text, spans),
        network=network,
        language=prefix.language,
        total=total,
    )


def _steps(log_probs: LogProbs, least: float) -> Iterator[tuple[float, list[tuple[int, float]]]]:
    """Of each step the blank's probability, and characters with theirs; none below ``least``."""
    probs = np.exp(log_probs.astype(np.float64))
    probs[probs < least] = 0.0
    rows, numbers = np.nonzero(probs[:, 1:])
    ends = np.searchsorted(rows, np.arange(1, len(probs) + 1)).tolist()
    pairs = list(zip((numbers + 1).tolist(), probs[rows, numbers + 1].tolist(), strict=True))
    start = 0
    for blank, end in zip(probs[:, 0].tolist(), ends, strict=True):
        yield blank, pairs[start:end]
        start = end


def _tried(pairs: list[tuple[int, float]]) -> list[tuple[int, float]]:
    """The characters to try at a step, at most ``MOST`` of those with any probability."""
    return pairs if len(pairs) <= MOST else sorted(pairs, key=lambda x: -x[1])[:MOST]
