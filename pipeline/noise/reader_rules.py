"""Rules on how sure the readers of a scan are of a line; raw text says nothing of it.

The recogniser knows type alone and is sure of hardly anything else: on keyed pages the scraps that
it made of strokes and handwriting have confidences below one half, typed lines above 0.7, in
whatever script or order their characters stand.
"""

from __future__ import annotations

from rapidfuzz.distance import Levenshtein

from pipeline.model import LATIN, TESSERACT, TYPEWRITER
from pipeline.noise.features import Features, Finding, Neighbours
from pipeline.reading import mean_confidence

_SURE, _UNSURE, _SURE_OF_LATIN = 0.7, 0.5, 0.35
"""The recogniser's confidence in a line above which it speaks for type, below which against it; and
from which its Latin letters are believed: names in programs are long, and a word has the confidence
of its least certain character."""

_MARKS = 3
"""Letters and figures; fewer of them may look like type by chance."""

_ALIKE = 0.7
"""Readings of typed lines are more alike than this, mostly."""


def certain_type(this: Features, _: Neighbours) -> Finding:
    """The recogniser, which knows type alone, is sure of it: three characters or more."""
    sure = recogniser_confidence(this)
    if sure is None or sure < _SURE or sum(map(str.isalnum, this.text)) < _MARKS:
        return None
    return (sure - _SURE) / (1 - _SURE), f"the recogniser of type is {sure:.0%} sure of it"


def certain_marks(this: Features, _: Neighbours) -> Finding:
    """The recogniser is sure of the one or two characters that there are."""
    sure = recogniser_confidence(this)
    marks = sum(map(str.isalnum, this.text))
    if sure is None or sure < _SURE or not 0 < marks < _MARKS:
        return None
    return (sure - _SURE) / (1 - _SURE), f"the recogniser of type is {sure:.0%} sure of it"


def doubted_type(this: Features, _: Neighbours) -> Finding:
    """The recogniser made something of it, and hardly believes it: strokes, handwriting."""
    sure = recogniser_confidence(this)
    if sure is None or sure >= _UNSURE or this.line.reading.reader == LATIN:
        return None
    return 1.0 - sure / _UNSURE, f"the recogniser of type is only {sure:.0%} sure of it"


def typed_latin(this: Features, _: Neighbours) -> Finding:
    """Latin letters of which the recogniser is sure: formulas, names of programs, foreign words."""
    if not is_typed_latin(this):
        return None
    share = this.latin / this.letters
    return share, "Latin letters of which the recogniser of type is sure"


def readers_differ(this: Features, _: Neighbours) -> Finding:
    """Both readers made something of it, and not the same."""
    own, other = this.line.read_by(TYPEWRITER), this.line.read_by(TESSERACT)
    if own is None or other is None or not own.text.strip() or not other.text.strip():
        return None
    alike = Levenshtein.normalized_similarity(own.text, other.text)
    # Latin letters are read as Russian ones by an engine that knows no others.
    if alike >= _ALIKE or is_typed_latin(this):
        return None
    return 1.0 - alike / _ALIKE, f"the two readings are only {alike:.0%} alike"


def engine_doubts(this: Features, _: Neighbours) -> Finding:
    """The probability of its words is low; weak evidence, true lines score low too."""
    read = this.line.reading.confidence
    if read is None or read > 0.7:
        return None
    return 1.0 - read, f"its words are right with {read:.0%}"


def no_type(this: Features, _: Neighbours) -> Finding:
    """The recogniser, which knows type alone, saw nothing where Tesseract reads something."""
    own = this.line.read_by(TYPEWRITER)
    if own is None or own.text.strip() or not this.line.raw.strip():
        return None
    return 1.0, "the recogniser of type saw none"


def is_typed_latin(this: Features) -> bool:
    """Whether there are Latin letters in it of which a reader that knows them is sure."""
    if this.line.reading.reader == LATIN:
        return True
    sure = recogniser_confidence(this)
    return sure is not None and sure >= _SURE_OF_LATIN and this.latin > 0


def recogniser_confidence(this: Features) -> float | None:
    """The recogniser's mean confidence in the characters of a line (0.0-1.0).

    ``None`` where it did not read, or saw nothing.
    """
    own = this.line.read_by(TYPEWRITER)
    return mean_confidence(own.words) if own is not None else None
