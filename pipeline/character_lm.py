"""How likely one character is after others in typed Russian lines: an n-gram model of characters.

Interpolated absolute discounting (Ney, Essen and Kneser, On structuring probabilistic
dependences in stochastic language modelling, 1994; Chen and Goodman, An empirical study of
smoothing techniques for language modeling, 1999): each context keeps a part of the probability
for what followed it, and hands the rest to the context that is one character shorter. How the
counts are made, and thinned, stands in ``pipeline/training/counts.py``.

The file holds for each order the contexts (8 bits a character, sorted), what follows each of them,
and two quantised figures: the weight of each follower within its context, and the share that
goes to the shorter context. Weights are normalised when a context is asked for, so that
probabilities sum to one however coarse the figures are.
"""

from __future__ import annotations

import hashlib
import io
import math
import zipfile
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.alphabet import ALPHABET
from pipeline.alphabet import NUMBERS as CHARACTER_NUMBERS
from pipeline.errors import InputMissingError, InputUnreadableError

CHARACTERS = Path(__file__).parent / "models" / "chars.npz"
"""The model in the package."""

VERSION = 1
"""Of the file's format."""

BITS = 8
"""Of a key for each character of a context; the character next to the follower has the lowest."""

BEGIN = "\n"
"""Stands in a context where its line begins."""

END_NUMBER = 0
"""The end of the line; character ``i`` of ``ALPHABET`` has the number ``i + 1``."""

BEGIN_NUMBER = len(ALPHABET) + 1
"""Never follows, stands only in contexts."""

NUMBERS = CHARACTER_NUMBERS | {BEGIN: BEGIN_NUMBER}
_UNKNOWN_NUMBER = BEGIN_NUMBER + 1

ONE_FIGURE = str.maketrans(dict.fromkeys("123456789", "0"))
"""Figures are one to the model: which of them stands on the sheet, only the picture can tell."""

_NUMBER_OF = np.full(1 << 16, _UNKNOWN_NUMBER)
"""The number of each character by its code point; of all beyond the table, that of the last."""
_NUMBER_OF[[ord(character) for character in NUMBERS]] = list(NUMBERS.values())
_NUMBER_OF[[ord(figure) for figure in "123456789"]] = NUMBERS["0"]

_FIGURES = np.array([NUMBERS[figure] for figure in "0123456789"])
_ZERO = NUMBERS["0"]
_FIRST_FIGURE, _LAST_FIGURE = int(_FIGURES.min()), int(_FIGURES.max())

UNKNOWN = -16.0
"""Natural logarithm of the probability of a character that is not in ``ALPHABET``."""

_STEP = 0.125
"""Of quantised logarithms: 6 % of a probability at most, 0.001 bits a character in the mean."""

_CACHED = 1 << 15
"""Contexts of which it is kept what they say, 16 MB at most."""

_Chain = tuple[tuple[float, dict[int, float]], ...]
"""What contexts say, from the shortest to the longest that was seen: the share that is the shorter
one's, and what each follower gains."""


@dataclass(frozen=True, slots=True, eq=False)
class Order:
    """Contexts of one length.

    ``contexts`` uint64 ``(K,)``, rising; ``starts`` int64 ``(K + 1,)`` into ``followers`` (uint8,
    numbers of followers) and ``weights`` (uint8, see ``weight_codes``); ``shares`` uint8
    ``(K,)``, what goes to the shorter context (see ``share_codes``).
    """

    contexts: NDArray[np.uint64]
    starts: NDArray[np.int64]
    followers: NDArray[np.uint8]
    weights: NDArray[np.uint8]
    shares: NDArray[np.uint8]

    def weight_of(
        self, contexts: NDArray[np.int64], followers: NDArray[np.int64]
    ) -> NDArray[np.float64]:
        """The weights of followers in their contexts, by the contexts' places; 0.0 where unseen."""
        low, high = self.starts[contexts], self.starts[contexts + 1]
        end = high
        # Followers are in rising order: the first that is not below, by halving.
        while (low < high).any():
            middle = (low + high) // 2
            below = (low < high) & (self.followers[np.minimum(middle, end - 1)] < followers)
            low, high = (
                np.where(below, middle + 1, low),
                np.where(below, high, np.minimum(high, middle)),
            )
        safe = np.minimum(low, end - 1)
        met = (low < end) & (self.followers[safe] == followers)
        return np.where(met, _WEIGHTS[self.weights[safe]], 0.0)


class CharacterLM:
    """An n-gram model of typed lines. ``digest``: SHA-256 of its file, in hex; empty if none.

    ``first``: float64 ``(1 + characters,)``, the probabilities without context; ``orders``: those
    with contexts of one, two, ... characters.
    """

    def __init__(
        self, first: NDArray[np.float64], orders: Sequence[Order], digest: str = ""
    ) -> None:
        self.digest = digest
        self._first = first
        self._orders = tuple(orders)
        self._start: list[float] = first.tolist()
        self._start[_ZERO] = float(first[_FIGURES].sum())
        self._chains: dict[str, _Chain] = {"": ()}
        # Of single figures, views of memory are much faster than arrays.
        self._views: list[tuple[Any, ...]] = [
            tuple(x.data for x in (o.contexts, o.starts, o.followers, o.weights, o.shares))
            for o in orders
        ]
        self._totals: list[NDArray[np.float64]] = []

    @property
    def order(self) -> int:
        """Signs that are looked at together: the context's and the one that follows."""
        return len(self._orders) + 1

    @staticmethod
    def load(path: Path | None = None) -> CharacterLM:
        """The model of a file, of the one in the package where none is given; read once a process.

        Raises:
            InputMissingError: there is no such file.
            InputUnreadableError: it is no character model of this version and these characters.

        """
        return _load(path or CHARACTERS)

    def after(self, context: str) -> NDArray[np.float32]:
        """Natural logarithms of the probabilities of what follows ``context``.

        float32 ``(1 + characters,)``: the end of the line at 0, character ``i`` of ``ALPHABET`` at
        ``i + 1``, as in what the recogniser gives. Only the last ``order - 1`` characters count;
        where the line begins, ``BEGIN`` stands before its first character.
        """
        mixed = self._first.copy()
        for share, gains in self._chain(context):
            mixed *= share
            mixed[list(gains)] += list(gains.values())
        mixed[_FIGURES] = mixed[_FIGURES].mean()
        return np.log(mixed).astype(np.float32)

    def log_of(self, number: int, context: str) -> float:
        """Natural logarithm of the probability that ``number`` follows ``context``.

        As :meth:`after` has it, and much faster than to ask for all.
        """
        figure = _FIRST_FIGURE <= number <= _LAST_FIGURE
        number = _ZERO if figure else number
        likely = self._start[number]
        for share, gains in self._chains.get(context) or self._chain(context):
            likely = likely * share + gains.get(number, 0.0)
        return math.log(likely / len(_FIGURES) if figure else likely)

    def score(self, text: str, *, line: bool = True) -> float:
        """Natural logarithm of the probability of ``text``.

        As a whole line, with its beginning and end; with ``line`` off as a piece of one, of
        which nothing before and after is known.
        """
        return self.continued(BEGIN if line else "", text, line_ends=line)

    def continued(self, before: str, text: str, *, line_ends: bool) -> float:
        """Natural logarithm of the probability of ``text`` after the context ``before``.

        ``line_ends``: and of the line's end after it.
        """
        total = 0.0
        near = before[1 - self.order :] if self._orders else ""
        for character in text:
            number = NUMBERS.get(character, BEGIN_NUMBER)
            total += self.log_of(number, near) if number < BEGIN_NUMBER else UNKNOWN
            near = (near + character)[1 - self.order :] if self._orders else ""
        return total + (self.log_of(END_NUMBER, near) if line_ends else 0.0)

    def continued_each(self, pairs: Sequence[tuple[str, str]]) -> NDArray[np.float64]:
        """:meth:`continued` of many pairs of context and text, none a whole line; much faster.

        Natural logarithms, float64, one for each pair.
        """
        if not pairs:
            return np.zeros(0)
        wide = self.order - 1
        nears = [before[-wide:] if wide else "" for before, _ in pairs]
        whole = "".join(near + text for near, (_, text) in zip(nears, pairs, strict=True))
        signs = np.frombuffer(whole.encode("utf-32-le", "surrogatepass"), np.uint32)
        numbers = _NUMBER_OF[np.minimum(signs, len(_NUMBER_OF) - 1)]
        sizes = np.array([len(text) for _, text in pairs])
        widths = sizes + np.array([len(near) for near in nears])
        starts = np.cumsum(widths) - widths
        places = np.arange(len(numbers))
        # Of what stands before a character, what lies behind the last unknown one is its context.
        ends = np.where(numbers == _UNKNOWN_NUMBER, places + 1, 0)
        breaks = np.concatenate([[0], np.maximum.accumulate(ends)[:-1]]) if len(ends) else ends
        reached = np.minimum(wide, places - np.maximum(breaks, np.repeat(starts, widths)))
        asked = places - np.repeat(starts + widths - sizes, widths) >= 0
        logs = np.where(asked, UNKNOWN, 0.0)
        plain = np.flatnonzero(asked & (numbers < BEGIN_NUMBER))
        logs[plain] = np.log(self._shares_of(numbers, plain, reached[plain]))
        sums = np.concatenate([[0.0], np.cumsum(logs)])
        found: NDArray[np.float64] = sums[starts + widths] - sums[starts]
        return found

    def _shares_of(
        self, numbers: NDArray[np.int64], at: NDArray[np.int64], reached: NDArray[np.int64]
    ) -> NDArray[np.float64]:
        """The probabilities of the characters at places ``at`` of a row of ``numbers``.

        ``reached``: how many characters before each of them are its context.
        """
        if not self._totals:
            self._totals = [
                np.add.reduceat(_WEIGHTS[order.weights], order.starts[:-1])
                for order in self._orders
            ]
        figure = numbers[at] == _FIGURES[0]
        shares = self._first[numbers[at]].copy()
        shares[figure] = self._first[_FIGURES].sum()
        keys = np.zeros(len(at), np.uint64)
        for place, order in enumerate(self._orders):
            here = np.flatnonzero(reached > place)
            if not len(here):
                break
            keys[here] |= numbers[at[here] - place - 1].astype(np.uint64) << np.uint64(BITS * place)
            found = order.contexts.searchsorted(keys[here])
            found[found == len(order.contexts)] = 0
            met = order.contexts[found] == keys[here]
            here, found = here[met], found[met]
            kept = _SHARES[order.shares[found]]
            own = order.weight_of(found, numbers[at[here]])
            shares[here] = kept * shares[here] + (1.0 - kept) * own / self._totals[place][found]
        shares[figure] /= len(_FIGURES)
        return shares

    def _chain(self, context: str) -> _Chain:
        """What ``context`` says, and what the shorter ones do that it ends in."""
        if (chain := self._chains.get(context)) is not None:
            return chain
        near = context[1 - self.order :].translate(ONE_FIGURE) if self._orders else ""
        # Nothing is known of what stands before an unknown character.
        unknown = max((n for n, x in enumerate(near) if x not in NUMBERS), default=-1)
        chain = self._known_chain(near[unknown + 1 :])
        if len(self._chains) >= _CACHED:
            self._chains = {"": ()}
        self._chains[context] = chain
        return chain

    def _known_chain(self, near: str) -> _Chain:
        """The same of a context of known characters, no longer than the model's."""
        chain = self._chains.get(near)
        if chain is None:
            chain = (*self._known_chain(near[1:]), *self._own_link(near))
            self._chains[near] = chain
        return chain

    def _own_link(self, context: str) -> _Chain:
        """What ``context``, of known characters, says by itself; nothing if it was never seen."""
        key = 0
        for character in context:
            key = key << BITS | NUMBERS[character]
        contexts, starts, followers, weights, shares = self._views[len(context) - 1]
        found = bisect_left(contexts, key)
        if found == len(contexts) or contexts[found] != key:
            return ()
        own = slice(starts[found], starts[found + 1])
        counts = [_WEIGHT_OF[code] for code in weights[own]]
        share = _SHARE_OF[shares[found]]
        scale = (1.0 - share) / sum(counts)
        gains = zip(followers[own], [count * scale for count in counts], strict=True)
        return ((share, dict(gains)),)


def weight_codes(weights: NDArray[np.float64]) -> NDArray[np.uint8]:
    """Weights above 0.0, to 1.0, as codes: their logarithms in steps of an eighth."""
    return _codes(-np.log(weights) / _STEP)


def share_codes(shares: NDArray[np.float64]) -> NDArray[np.uint8]:
    """Shares between 0.0 and 1.0 as codes: logarithms of the odds in steps of an eighth."""
    safe = np.clip(shares, 1e-6, 1 - 1e-6)
    return _codes(np.log(safe / (1 - safe)) / _STEP + 128)


def _codes(values: NDArray[np.float64]) -> NDArray[np.uint8]:
    codes: NDArray[np.uint8] = np.clip(np.rint(values), 0, 255).astype(np.uint8)
    return codes


def packed(first: NDArray[np.float64], orders: Sequence[Order]) -> bytes:
    """The file: an ``.npz`` archive without pickles, the same bytes for the same figures.

    Contexts are stored as differences, byte by byte (all lowest bytes first), which
    compresses well.
    """
    arrays: dict[str, NDArray[Any]] = {
        "version": np.array(VERSION),
        "signs": np.array(ALPHABET),
        "first": first.astype(np.float32),
    }
    for place, order in enumerate(orders, start=2):
        steps = np.diff(order.contexts, prepend=np.uint64(0))
        planes = steps.astype("<u8").view(np.uint8).reshape(-1, 8).T
        arrays[f"steps{place}"] = planes[: _planes(place)]
        arrays[f"counts{place}"] = np.diff(order.starts).astype(np.uint8)
        arrays[f"shares{place}"] = order.shares
        arrays[f"signs{place}"] = order.followers
        arrays[f"weights{place}"] = order.weights
    out = io.BytesIO()
    np.savez_compressed(out, **arrays)  # type: ignore[arg-type]
    return out.getvalue()


def unpacked(data: bytes, digest: str = "") -> CharacterLM:
    """The model of a file's bytes.

    Raises:
        ValueError: they are no model of this version and these characters.

    """
    try:
        with np.load(io.BytesIO(data), allow_pickle=False) as stored:
            if int(stored["version"]) != VERSION or str(stored["signs"]) != ALPHABET:
                raise ValueError("another version or other characters")
            first = stored["first"].astype(np.float64)
            orders: list[Order] = []
            while f"steps{len(orders) + 2}" in stored:
                orders.append(_order(stored, len(orders) + 2))
    except (KeyError, OSError, EOFError, zipfile.BadZipFile) as error:
        raise ValueError(str(error)) from error
    return CharacterLM(first / first.sum(), orders, digest)


def _order(stored: Any, place: int) -> Order:
    steps = stored[f"steps{place}"]
    wide = np.zeros((steps.shape[1], 8), np.uint8)
    wide[:, : len(steps)] = steps.T
    return Order(
        contexts=np.cumsum(wide.view("<u8")[:, 0], dtype=np.uint64),
        starts=np.concatenate([[0], np.cumsum(stored[f"counts{place}"], dtype=np.int64)]),
        followers=stored[f"signs{place}"],
        weights=stored[f"weights{place}"],
        shares=stored[f"shares{place}"],
    )


def _planes(place: int) -> int:
    """Bytes that hold the contexts of order ``place``."""
    return -(-(place - 1) * BITS // 8)


@lru_cache(maxsize=4)
def _load(path: Path) -> CharacterLM:
    try:
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise InputMissingError(path, "there is no such character model") from error
    try:
        return unpacked(data, hashlib.sha256(data).hexdigest())
    except ValueError as error:
        raise InputUnreadableError(path, f"is no character model: {error}") from error


_WEIGHTS = np.exp(-_STEP * np.arange(256))
_SHARES = 1 / (1 + np.exp(-_STEP * (np.arange(256) - 128.0)))
_WEIGHT_OF: list[float] = _WEIGHTS.tolist()
_SHARE_OF: list[float] = _SHARES.tolist()
