"""Which name of one side belongs to which of the other: by path, and by stem where that is unique.

A name is the path of a file below its root, POSIX, without its ending (``Фонд/Дело/001``). Names
are compared without regard to case and Unicode composition, unless both spellings are there.
Nothing is ever guessed: where several could be meant, none is taken, and they are said.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from pipeline.scans import SUFFIXES

_MARK = re.compile(r"~[0-9a-f]{6,64}$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ambiguous:
    """Names that could belong to each other in more than one way; indices into either side."""

    results: tuple[int, ...]
    truths: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Matching:
    """``pairs``: index of a result to that of its truth; each truth belongs to one result."""

    pairs: dict[int, int]
    ambiguous: tuple[Ambiguous, ...] = ()


def match_names(results: Sequence[str], truths: Sequence[str]) -> Matching:
    """The pairs of two lists of names.

    First equal paths; then the ends of paths, the longest first, so that trees whose roots lie a
    folder apart fit; last the stem alone. Each is taken only where exactly one result and exactly
    one truth have it, among all of them.
    """
    pairs: dict[int, int] = {}
    free_results, free_truths = set(range(len(results))), set(range(len(truths)))

    def pair_by(key: Callable[[str], str | None]) -> Iterator[Ambiguous]:
        for left, right in _groups(results, truths, key):
            if len(left) == len(right) == 1:
                if left[0] in free_results and right[0] in free_truths:
                    pairs[left[0]] = right[0]
                    free_results.discard(left[0])
                    free_truths.discard(right[0])
                continue
            some = tuple(i for i in left if i in free_results)
            others = tuple(i for i in right if i in free_truths)
            if some and others:
                yield Ambiguous(results=some, truths=others)

    deepest = max((name.count("/") + 1 for name in (*results, *truths)), default=1)
    keys: list[Callable[[str], str | None]] = [_composed, folded, _bare]
    keys += [_ending(parts) for parts in range(deepest, 0, -1)]
    found: list[Ambiguous] = []
    for key in keys:
        # What a looser key leaves open is all that a stricter one did.
        found = list(pair_by(key))
    return Matching(pairs=dict(sorted(pairs.items())), ambiguous=tuple(found))


def _groups(
    results: Sequence[str], truths: Sequence[str], key: Callable[[str], str | None]
) -> Iterator[tuple[list[int], list[int]]]:
    """The results and truths that have one key, where both sides have it."""
    sides: list[dict[str, list[int]]] = [{}, {}]
    for side, names in zip(sides, (results, truths), strict=True):
        for index, name in enumerate(names):
            found = key(name)
            if found is not None:
                side.setdefault(found, []).append(index)
    for shared in sides[1]:
        if shared in sides[0]:
            yield sides[0][shared], sides[1][shared]


def folded(name: str) -> str:
    """``name`` as names are compared: case and composition aside."""
    return _composed(_composed(name).casefold())


def _composed(name: str) -> str:
    return unicodedata.normalize("NFC", name)


def _bare(name: str) -> str:
    """Without what a run adds to tell documents apart: a mark, or the scan's own ending."""
    small = folded(name)
    path = PurePosixPath(small)
    return small.removesuffix(path.suffix) if path.suffix in SUFFIXES else _MARK.sub("", small)


def _ending(parts: int) -> Callable[[str], str | None]:
    def key(name: str) -> str | None:
        split = _bare(name).split("/")
        return "/".join(split[-parts:]) if len(split) >= parts else None

    return key
