"""The vote: two readings of a line become one, and every word gets a chance of being right.

Where the readers agree, the text stands. Where they differ, a logistic model weighs what the
picture, the character model, the lexicon, the readers' own confidences and measured habits say
(``differences.py``). A second one gives the probability of each word. Both are fitted on drawn
pages (``pipeline/training/fit_vote.py``), in faces that the recogniser has not learned from; the
weights stand in ``config/fitted/vote.toml``.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from pipeline.character_lm import BEGIN, CharacterLM
from pipeline.errors import ConfigError
from pipeline.lexicon import knows
from pipeline.logit import sigmoid
from pipeline.model import VOTE, Box, Reading, Word
from pipeline.ocr.ctc import LineRecognition
from pipeline.ocr.differences import NAMES, differences, evidence, log_odds
from pipeline.ocr.typewriter import REACH, word_boxes
from pipeline.ocr.words import make_reading
from pipeline.pixels import Pixels
from pipeline.resources import fitted
from pipeline.resources.tables import resources_dir

WORD_NAMES = (
    "always", "agreed", "own_sure", "own_mean", "other_sure", "vote", "disputed", "known",
    "language", "figure", "capital", "short", "long",
)  # fmt: skip
"""The evidence on a word, in the order of :func:`word_evidence`."""


@dataclass(frozen=True, slots=True)
class VoteModel:
    """Weights by ``NAMES`` and ``WORD_NAMES``; ``habits``: log-odds by pairs of variants."""

    difference: tuple[float, ...]
    word: tuple[float, ...]
    habits: Mapping[tuple[str, str], float]

    def chance_of_other(self, facts: Sequence[float]) -> float:
        """The probability (0.0-1.0) that the other reader's variant is the right one."""
        return _logistic(self.difference, facts)

    def chance_of(self, facts: Sequence[float]) -> float:
        """The probability (0.0-1.0) that a word is right."""
        return _logistic(self.word, facts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A stretch of the voted line.

    ``text`` was taken, ``other`` refused (the same where the readers agree); ``chance`` is the
    probability that the choice was right; ``sure`` the recogniser's confidences of its own
    signs there; ``left`` and ``right`` columns of the picture.
    """

    text: str
    other: str
    agreed: bool
    chance: float
    sure: tuple[float, ...]
    left: tuple[float, ...]
    right: tuple[float, ...]


def vote(image: Pixels, seen: LineRecognition, other: Reading, chars: CharacterLM) -> Reading:
    """The reading that the two of ``image`` make together.

    Confidences of its words are probabilities of being right (0.0-1.0); ``Word.other`` is what
    was refused, where the readers differ. Where ``other`` has no text at all, ours stands; and
    the other way round.
    """
    model = vote_model()
    found = drafts(list(pieces_of(seen, other, chars, model)))
    boxes: list[Box | None] = [word.box for word in other.words]
    # The recogniser cannot say where words stand of which it saw nothing.
    if seen.decoded.text:
        boxes = [*word_boxes(image, [draft.edges for draft in found], REACH * seen.step)]
    words = tuple(
        Word(
            text=draft.text,
            box=box,
            confidence=model.chance_of(word_evidence(draft, other, chars)),
            other=None if draft.other == draft.text else draft.other,
        )
        for draft, box in zip(found, boxes, strict=True)
    )
    return make_reading(VOTE, words)


def pieces_of(
    seen: LineRecognition, other: Reading, chars: CharacterLM, model: VoteModel
) -> Iterator[Piece]:
    """The line in stretches, agreed and disputed in turn."""
    own = seen.decoded.text
    edges = [(a * seen.step, (b + 1) * seen.step) for a, b in seen.decoded.spans]
    sure = seen.decoded.confidences
    done = 0
    for place in differences(own, other.text):
        yield from _agreed(
            own[done : place.start], sure[done : place.start], edges[done : place.start]
        )
        mine, new = own[place.start : place.end], other.text[place.other_start : place.other_end]
        # Where one of them saw nothing at all, there is nothing to weigh.
        chance = float(bool(own))
        if own and other.text:
            chance = 1.0 - model.chance_of_other(evidence(place, seen, other, chars, model.habits))
        yield _chosen(mine, new, chance, sure, edges, (place.start, place.end))
        done = place.end
    yield from _agreed(own[done:], sure[done:], edges[done:])


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A word of the voted line before it is judged; ``edges`` are columns of the picture."""

    text: str
    other: str
    before: str
    agreed: float
    chance: float
    sure: tuple[float, ...]
    edges: tuple[float, float]


def drafts(pieces: Sequence[Piece]) -> list[Draft]:
    """The words of the line that ``pieces`` make up."""
    signs = [
        (sign, piece, place) for piece in pieces for place, sign in enumerate(piece.text or "\0")
    ]
    found: list[Draft] = []
    run: list[tuple[str, Piece, int]] = []
    before = ""
    for sign in [*signs, None]:
        if sign is not None and sign[0] != " ":
            run.append(sign)
            continue
        # What was refused at a space belongs to the word before it.
        if sign is not None and not sign[1].agreed and run:
            run.append(("\0", *sign[1:]))
        if any(x[0] != "\0" for x in run):
            found.append(_draft(run, before))
            before += found[-1].text + " "
        run = []
    return found


def word_evidence(draft: Draft, other: Reading, chars: CharacterLM) -> tuple[float, ...]:
    """What speaks for a word being right (above zero) or wrong, by ``WORD_NAMES``."""
    text = draft.text
    bare = text.strip(".,:;!?\"'()/-")
    likely = chars.continued(BEGIN + draft.before, text, line_ends=False) / max(1, len(text))
    theirs = [w.confidence for w in other.words if w.text == text and w.confidence is not None]
    own = draft.sure or (0.5,)
    return (
        1.0,
        draft.agreed,
        log_odds(min(own)),
        float(np.mean([log_odds(x) for x in own])),
        log_odds(max(theirs)) if theirs else 0.0,
        log_odds(draft.chance) if draft.agreed < 1 else 4.0,
        float(draft.agreed < 1),
        float(knows(bare)) if bare.replace("-", "").isalpha() else 0.5,
        likely,
        float(any(sign.isdigit() for sign in text)),
        float(text[:1].isupper()),
        float(len(bare) < 3),
        float(len(bare) > 8),
    )


def _agreed(
    text: str, sure: Sequence[float], edges: Sequence[tuple[float, float]]
) -> Iterator[Piece]:
    if text:
        yield Piece(
            text=text,
            other=text,
            agreed=True,
            chance=1.0,
            sure=tuple(sure),
            left=tuple(a for a, _ in edges),
            right=tuple(b for _, b in edges),
        )


def _chosen(
    mine: str,
    new: str,
    chance: float,
    sure: Sequence[float],
    edges: Sequence[tuple[float, float]],
    place: tuple[int, int],
) -> Piece:
    start, end = place
    if chance >= 0.5:
        near = tuple(sure[start:end])
        return Piece(
            text=mine, other=new, agreed=False, chance=chance, sure=near,
            left=tuple(a for a, _ in edges[start:end]), right=tuple(b for _, b in edges[start:end]),
        )  # fmt: skip
    # The other reader's signs share the place of ours.
    left = edges[start][0] if start < len(edges) else (edges[-1][1] if edges else 0.0)
    right = edges[end - 1][1] if end > start else left
    marks = np.linspace(left, max(right, left), len(new) + 1).tolist()
    return Piece(
        text=new, other=mine, agreed=False, chance=1.0 - chance, sure=(),
        left=tuple(marks[:-1]), right=tuple(marks[1:]),
    )  # fmt: skip


def _draft(run: Sequence[tuple[str, Piece, int]], before: str) -> Draft:
    text = "".join(sign for sign, _, _ in run if sign != "\0")
    other = ""
    seen_pieces: list[Piece] = []
    for sign, piece, _ in run:
        if piece.agreed:
            other += sign
        elif not any(piece is x for x in seen_pieces):
            seen_pieces.append(piece)
            other += piece.other
    whole = [(piece, place) for sign, piece, place in run if sign != "\0"]
    return Draft(
        text=text,
        other=other.strip(),
        before=before,
        agreed=sum(piece.agreed for piece, _ in whole) / len(whole) * (0.99 if seen_pieces else 1),
        chance=min((piece.chance for piece in seen_pieces), default=1.0),
        sure=tuple(piece.sure[place] for piece, place in whole if piece.sure),
        edges=(
            min(piece.left[place] for piece, place in whole),
            max(piece.right[place] for piece, place in whole),
        ),
    )


def _logistic(weights: Sequence[float], facts: Sequence[float]) -> float:
    value = sum(weight * fact for weight, fact in zip(weights, facts, strict=True))
    return sigmoid(value)


@cache
def vote_digest() -> str:
    """SHA-256 (hex) of ``config/fitted/vote.toml``."""
    return hashlib.sha256((resources_dir() / "fitted" / "vote.toml").read_bytes()).hexdigest()


@cache
def vote_model() -> VoteModel:
    """The model of ``config/fitted/vote.toml``.

    Raises:
        ConfigError: the table lacks a weight, or has an unknown one.

    """
    try:
        read = fitted.vote()
        return VoteModel(
            tuple(float(read.difference[name]) for name in NAMES),
            tuple(float(read.word[name]) for name in WORD_NAMES),
            {(own, other): odds for own, other, odds in read.habits},
        )
    except KeyError as error:
        raise ConfigError("config/fitted/vote.toml", f"has no weight for {error}") from error
