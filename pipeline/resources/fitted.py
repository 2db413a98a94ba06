"""What programs made from data: weights, counts and measured shares (``config/fitted/``)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from pipeline.resources.tables import Table, read_table


class StateWeights(Table, frozen=True, kw_only=True):
    """Log-odds for each part of a document that a line may belong to."""

    head: float = 0.0
    table: float = 0.0
    addressee: float = 0.0
    heading: float = 0.0
    body: float = 0.0
    signature: float = 0.0
    foot: float = 0.0
    page_number: float = 0.0
    noise: float = 0.0


class NoiseWeights(Table, frozen=True, kw_only=True):
    """``noise.toml``: the weights of the noise filter, in log-odds.

    ``weights`` by the rules' names, ``after`` by the state of the line above; ``sharpness``
    (above 0.0) divides the log-odds of being text.
    """

    sharpness: float
    bias: StateWeights
    first: StateWeights
    last: StateWeights
    weights: Mapping[str, StateWeights]
    after: Mapping[str, StateWeights]


class VoteWeights(Table, frozen=True, kw_only=True):
    """``vote.toml``: the weights of the vote's two models, in log-odds, by names of evidence.

    ``habits``: pairs of variants (the recogniser's, Tesseract's) with the log-odds that
    Tesseract's is right.
    """

    difference: Mapping[str, float]
    word: Mapping[str, float]
    habits: tuple[tuple[str, str, float], ...]


class CertaintyWeights(Table, frozen=True, kw_only=True):
    """``certainty.toml``: that a word is right that no second reader was asked for, in log-odds."""

    alone: Mapping[str, float]


class FieldWeights(Table, frozen=True, kw_only=True):
    """``fields.toml``: what makes a field of the form right, in log-odds.

    ``weights`` by names of evidence, ``fields`` by fields' names, added to them.
    """

    weights: Mapping[str, float]
    fields: Mapping[str, float]


class ExpectedError(Table, frozen=True, kw_only=True):
    """``expected_error.toml``: what makes the logarithm of a page's expected error rate."""

    always: float
    weights: Mapping[str, float]


class Misreadings(Table, frozen=True, kw_only=True):
    """``misreadings.toml``: for what was read, what it may have been.

    Each with the share (0.0-1.0) of such letters that were read so, and how often that was
    seen.
    """

    read: Mapping[str, Mapping[str, tuple[float, int]]]


class Confusions(Table, frozen=True, kw_only=True):
    """``channel.msgpack``: what engines read for true letters.

    ``pairs``: what was read, what is true, the share of such letters that are read so, in
    ten-thousandths, where one letter in ten is misread; and what it would be without any aligned
    page, by the letters' look alone (0.0: nothing is known). ``about`` says where they come from.
    """

    about: str
    pairs: tuple[tuple[str, str, float, float], ...]

    def shares(self) -> dict[tuple[str, str], float]:
        """The share (0.0-1.0) of each (read, true) pair."""
        return {(read, true): share / 1e4 for read, true, share, _ in self.pairs}

    def by_look(self) -> dict[tuple[str, str], float]:
        """The share (0.0-1.0) of each (read, true) pair that looks alike."""
        return {(read, true): look / 1e4 for read, true, _, look in self.pairs if look}


class Agreement(Table, frozen=True, kw_only=True):
    """``agreement.msgpack``: how much likelier classes of words stand side by side than by chance.

    ``codes``: int8 ``(classes, classes)``, by rows, the class on the left first; natural
    logarithms in steps of ``step``. ``about`` says where the figures come from.
    """

    about: str
    step: float
    classes: tuple[str, ...]
    codes: bytes


class CorrectorWeights(Table, frozen=True, kw_only=True):
    """``corrector.toml``: what speaks for a change, in log-odds of its being right."""

    weights: Mapping[str, float]


class RawTextWeights(Table, frozen=True, kw_only=True):
    """``raw_text.toml``: what speaks for a line of other engines' text being Russian (log-odds)."""

    weights: Mapping[str, float]


class WordCounts(Table, frozen=True, kw_only=True):
    """``word_counts.msgpack``: how often common word forms occur, and what follows them.

    ``forms`` (small letters, ё as е, parted by spaces) are in falling order of ``counts``.
    ``followers``: for each form the places in ``forms`` of those that most often come right
    after it, the commonest first. ``about`` says where the figures come from.
    """

    about: str
    forms: str
    counts: tuple[int, ...]
    followers: tuple[tuple[int, ...], ...]

    def by_form(self) -> dict[str, int]:
        """Each form with its count, the commonest first."""
        return dict(zip(self.forms.split(), self.counts, strict=True))

    def following(self) -> dict[str, tuple[str, ...]]:
        """Each form that has followers with them, the commonest first."""
        forms = self.forms.split()
        return {
            form: tuple(forms[place] for place in places)
            for form, places in zip(forms, self.followers, strict=True)
            if places
        }


class LetterCounts(Table, frozen=True, kw_only=True):
    """``letters.msgpack``: letter triples of Russian words with their frequencies.

    ``triples``: three letters each, without a break, in the order of the alphabet; ``_`` is a
    word's edge. ``tenths``: their frequencies in tenths per million. ``about`` says where the
    figures come from.
    """

    about: str
    triples: str
    tenths: tuple[int, ...]

    def by_triple(self) -> dict[str, float]:
        """Each triple with its frequency per million."""
        starts = range(0, len(self.triples), 3)
        return {
            self.triples[start : start + 3]: tenth / 10
            for start, tenth in zip(starts, self.tenths, strict=True)
        }


@cache
def noise() -> NoiseWeights:
    """The weights of the noise filter."""
    return read_table("fitted/noise.toml", NoiseWeights)


@cache
def vote() -> VoteWeights:
    """The weights of the vote."""
    return read_table("fitted/vote.toml", VoteWeights)


@cache
def certainty() -> CertaintyWeights:
    """Of words that only one reader read."""
    return read_table("fitted/certainty.toml", CertaintyWeights)


@cache
def fields() -> FieldWeights:
    """The weights of fields' probabilities."""
    return read_table("fitted/fields.toml", FieldWeights)


@cache
def expected_error() -> ExpectedError:
    """The weights of expected error rates."""
    return read_table("fitted/expected_error.toml", ExpectedError)


@cache
def misreadings() -> Misreadings:
    """How letters are misread."""
    return read_table("fitted/misreadings.toml", Misreadings)


@cache
def channel() -> Confusions:
    """What engines read for true letters."""
    return read_table("fitted/channel.msgpack", Confusions)


@cache
def confusions() -> Mapping[tuple[str, str], float]:
    """The share of true letters that are read as something else, by (read, true) pairs."""
    return channel().shares()


@cache
def agreement() -> Agreement:
    """How classes of words go together."""
    return read_table("fitted/agreement.msgpack", Agreement)


@cache
def corrector() -> CorrectorWeights:
    """The weights of the corrector's decision."""
    return read_table("fitted/corrector.toml", CorrectorWeights)


@cache
def raw_text() -> RawTextWeights:
    """The weights by which a line of another engine's text counts as Russian."""
    return read_table("fitted/raw_text.toml", RawTextWeights)


@cache
def word_counts() -> Mapping[str, int]:
    """Each of the commonest word forms with its count, the commonest first."""
    return _words().by_form()


@cache
def word_followers() -> Mapping[str, tuple[str, ...]]:
    """Each common word form with those that most often follow it, the commonest first."""
    return _words().following()


@cache
def letter_triples() -> Mapping[str, float]:
    """Letter triples of Russian words with their frequencies per million; ``_`` is an edge."""
    return read_table("fitted/letters.msgpack", LetterCounts).by_triple()


@cache
def _words() -> WordCounts:
    return read_table("fitted/word_counts.msgpack", WordCounts)
