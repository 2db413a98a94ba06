"""The vote: two readings of a line become one, and every word gets a probability of being right.

Where the readers agree, the text stands. Where they differ, a logistic model weighs what the
picture, the character model, the lexicon, the readers' own confidences and measured habits say
(``differences.py``). A second one gives the probability of each word. Both are fitted on drawn
pages (``pipeline/training/fit_vote.py``), in faces that the recogniser has not learned from; the
weights stand in ``config/fitted/vote.toml``.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

import numpy as np

from pipeline.character_lm import BEGIN, CharacterLM
from pipeline.errors import ConfigError
from pipeline.lexicon import knows
from pipeline.logit import sigmoid
from pipeline.model import VOTE, Box, Reading, Word
from pipeline.ocr.ctc import Decoded, LineRecognition
from pipeline.ocr.differences import NAMES, Difference, differences, evidence, log_odds
from pipeline.ocr.engine import make_reading
from pipeline.ocr.typewriter import REACH, word_boxes
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

    def probability_of_other(self, facts: Sequence[float]) -> float:
        """The probability (0.0-1.0) that the other reader's variant is the right one."""
        return _logistic(self.difference, facts)

    def probability_of(self, facts: Sequence[float]) -> float:
        """The probability (0.0-1.0) that a word is right."""
        return _logistic(self.word, facts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """A part of the voted line on which the readers agree, or on which they differ.

    ``text`` was taken, ``other`` refused (the same where the readers agree); ``probability`` is the
    probability that the choice was right; ``confidences`` the recogniser's confidences of its own
    characters there; ``left`` and ``right`` columns of the picture.
    """

    text: str
    other: str
    agreed: bool
    probability: float
    confidences: tuple[float, ...]
    left: tuple[float, ...]
    right: tuple[float, ...]


def vote(
    image: Pixels, recognition: LineRecognition, other: Reading, chars: CharacterLM
) -> Reading:
    """Combine two readings of the line ``image`` into one.

    Confidences of its words are probabilities of being right (0.0-1.0); ``Word.other`` is what
    was refused, where the readers differ. Where ``other`` has no text at all, ours stands; and
    the other way round.
    """
    model = vote_model()
    found = drafts(list(segments_of(recognition, other, chars, model)))
    boxes: list[Box | None] = [word.box for word in other.words]
    # The recogniser cannot say where words stand of which it saw nothing.
    if recognition.decoded.text:
        boxes = [*word_boxes(image, [draft.edges for draft in found], REACH * recognition.step)]
    words = tuple(
        Word(
            text=draft.text,
            box=box,
            confidence=model.probability_of(word_evidence(draft, other, chars)),
            other=None if draft.other == draft.text else draft.other,
        )
        for draft, box in zip(found, boxes, strict=True)
    )
    return make_reading(VOTE, words)


def segments_of(
    recognition: LineRecognition, other: Reading, chars: CharacterLM, model: VoteModel
) -> Iterator[Segment]:
    """The line in segments, agreed and disputed in turn."""
    own, edges = recognition.decoded, recognition.edges
    done = 0
    for place in differences(own.text, other.text):
        if place.start > done:
            yield own_segment(own, edges, done, place.start)
        new = other.text[place.other_start : place.other_end]
        # Where one of them saw nothing at all, there is nothing to weigh.
        probability = float(bool(own.text))
        if own.text and other.text:
            facts = evidence(place, recognition, other, chars, model.habits)
            probability = 1.0 - model.probability_of_other(facts)
        figures = own.text and _is_about_figures(own.text[place.start : place.end], new)
        if probability >= 0.5 or figures:
            segment = own_segment(own, edges, place.start, place.end)
            yield replace(segment, other=new, agreed=False, probability=probability)
        else:
            yield _others_segment(own.text, new, edges, place, 1.0 - probability)
        done = place.end
    if done < len(own.text):
        yield own_segment(own, edges, done, len(own.text))


def _is_about_figures(own: str, other: str) -> bool:
    """Whether a figure of ours would go, or a letter become one: there ours stands.

    On real sheets that the recogniser had not seen, Tesseract had 87 % of the figures, the
    recogniser 98 %, and of eleven figures that the vote changed none became right.
    """
    return _has_figure(own) or (bool(own.strip()) and _has_figure(other))


def _has_figure(text: str) -> bool:
    return any(character.isdigit() for character in text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A word of the voted line, not yet weighed; ``edges`` are columns of the picture."""

    text: str
    other: str
    before: str
    agreed: float
    probability: float
    confidences: tuple[float, ...]
    edges: tuple[float, float]


def drafts(segments: Sequence[Segment]) -> list[Draft]:
    """Join ``segments`` and split the line into words."""
    entries = [
        (character, segment, place)
        for segment in segments
        for place, character in enumerate(segment.text or "\0")
    ]
    found: list[Draft] = []
    run: list[tuple[str, Segment, int]] = []
    before = ""
    for entry in [*entries, None]:
        if entry is not None and entry[0] != " ":
            run.append(entry)
            continue
        # What was refused at a space belongs to the word before it.
        if entry is not None and not entry[1].agreed and run:
            run.append(("\0", *entry[1:]))
        if any(character != "\0" for character, _, _ in run):
            found.append(_draft(run, before))
            before += found[-1].text + " "
        run = []
    return found


def word_evidence(draft: Draft, other: Reading | None, chars: CharacterLM) -> tuple[float, ...]:
    """What speaks for a word being right (above zero) or wrong, by ``WORD_NAMES``.

    ``other``: the other reader's reading, ``None`` where none was asked.
    """
    text = draft.text
    bare = text.strip(".,:;!?\"'()/-")
    likely = chars.continued(BEGIN + draft.before, text, line_ends=False) / max(1, len(text))
    theirs = [
        word.confidence
        for word in (other.words if other is not None else ())
        if word.text == text and word.confidence is not None
    ]
    own = draft.confidences or (0.5,)
    return (
        1.0,
        draft.agreed,
        log_odds(min(own)),
        float(np.mean([log_odds(x) for x in own])),
        log_odds(max(theirs)) if theirs else 0.0,
        log_odds(draft.probability) if draft.agreed < 1 else 4.0,
        float(draft.agreed < 1),
        float(knows(bare)) if bare.replace("-", "").isalpha() else 0.5,
        likely,
        float(any(character.isdigit() for character in text)),
        float(text[:1].isupper()),
        float(len(bare) < 3),
        float(len(bare) > 8),
    )


def own_segment(
    decoded: Decoded, edges: Sequence[tuple[float, float]], start: int, end: int
) -> Segment:
    """Our own ``text[start:end]``, as if the readers agreed."""
    text = decoded.text[start:end]
    return Segment(
        text=text,
        other=text,
        agreed=True,
        probability=1.0,
        confidences=decoded.confidences[start:end],
        left=tuple(left for left, _ in edges[start:end]),
        right=tuple(right for _, right in edges[start:end]),
    )


def _others_segment(
    own: str,
    new: str,
    edges: Sequence[tuple[float, float]],
    place: Difference,
    probability: float,
) -> Segment:
    """The other reader's ``new``; its characters share the place of ours."""
    start, end = place.start, place.end
    left = edges[start][0] if start < len(edges) else (edges[-1][1] if edges else 0.0)
    right = edges[end - 1][1] if end > start else left
    marks = np.linspace(left, max(right, left), len(new) + 1).tolist()
    return Segment(
        text=new,
        other=own[start:end],
        agreed=False,
        probability=probability,
        confidences=(),
        left=tuple(marks[:-1]),
        right=tuple(marks[1:]),
    )


def _draft(run: Sequence[tuple[str, Segment, int]], before: str) -> Draft:
    text = "".join(character for character, _, _ in run if character != "\0")
    other = ""
    disputed: list[Segment] = []
    for character, segment, _ in run:
        if segment.agreed:
            other += character
        elif not any(segment is x for x in disputed):
            disputed.append(segment)
            other += segment.other
    whole = [(segment, place) for character, segment, place in run if character != "\0"]
    return Draft(
        text=text,
        other=other.strip(),
        before=before,
        agreed=sum(segment.agreed for segment, _ in whole) / len(whole) * (0.99 if disputed else 1),
        probability=min((segment.probability for segment in disputed), default=1.0),
        confidences=tuple(
            segment.confidences[place] for segment, place in whole if segment.confidences
        ),
        edges=(
            min(segment.left[place] for segment, place in whole),
            max(segment.right[place] for segment, place in whole),
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
