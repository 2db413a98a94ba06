"""The corrector's channel, fitted on pages that other engines read and that were keyed.

Each page's raw text is laid along its truth, and what differs is parted into the likeliest small
confusions (one to three characters for none to three), by what is known already: how alike the
shapes are, and what was learnt in the round before (Viterbi training, three rounds). Confusions
that were not seen keep the share that their likeness gives them; those measured on facsimiles
(``misreadings.toml``) are taken in. Only shares leave this module, no text.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import msgspec
from rapidfuzz.distance import Levenshtein

from pipeline.cleanup.channel import FLOOR, TYPICAL, folded_read
from pipeline.resources import fitted, language
from pipeline.resources.fitted import Confusions
from pipeline.store import write_atomic
from pipeline.word_trie import LETTERS

Pair = tuple[str, str]
"""Read, true."""

_LONGEST = 3
_LARGEST = 14
"""Characters of a stretch that is parted; a longer one is no misreading."""

_BRIDGE = 1
"""Equal characters between two differences that are parted together."""

_LETTERS = frozenset(LETTERS)
_STRENGTH = 25.0
"""Sightings that the shapes weigh."""

_BUILT = 0.008
"""Share of what engines build of other letters, by the list in ``confusables.toml``."""

_LOST, _ADDED = 0.003, 0.0008
"""Share of letters that are lost, of places where a letter is read for nothing, if unseen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AlignedPage:
    """One page: its document, what was read and what is true, line by line."""

    name: str
    document: str
    read: str
    true: str


def pages_in(real: Path, *, without: str = "") -> list[AlignedPage]:
    """The aligned pages of ``real``; none of the document ``without``."""
    pages = []
    for path in sorted((real / "raw-ocr").glob("*.adobe-*.txt")):
        page = path.name.split(".")[0]
        document = re.sub(r"p\d+$", "", page)
        if document == without:
            continue
        true, read = keyed_text(real, page), path.read_text(encoding="utf-8")
        pages.append(
            AlignedPage(name=path.name, document=document, read=plain(read), true=plain(true))
        )
    return pages


def keyed_text(real: Path, page: str) -> str:
    """The keyed text of a page, but for handwriting."""
    rows = (real / "typed-pages" / "train" / f"{page}.gt.tsv").read_text("utf-8").split("\n")
    lines = [row.split("\t", 1) for row in rows if "\t" in row]
    return "\n".join(text for tag, text in lines if tag != "W")


def plain(text: str) -> str:
    """``text`` without empty lines and wide gaps; hyphens as they are typed."""
    lines = (" ".join(line.split()) for line in text.splitlines())
    return re.sub(r"[\u00ad\u00ac]", "-", "\n".join(line for line in lines if line))


def by_shape(likeness: Mapping[Pair, float]) -> dict[Pair, float]:
    """Shares of confusions by how alike they look."""
    shares = {}
    for (read, true), like in likeness.items():
        log_share = -2.6 - 14.0 * (1.0 - like) - (1.0 if len(read) + len(true) > 2 else 0.0)
        shares[read, true] = math.exp(log_share)
    for letter in LETTERS:
        shares["", letter] = _LOST
    for true, reads in language.confusables().built.items():
        for read in reads:
            key = folded_read(read), true
            if key[0] != true:
                least = _BUILT / 2 if len(true) > 1 else _BUILT
                shares[key] = max(least, shares.get(key, 0.0))
    for read, trues in fitted.misreadings().read.items():
        for true, (share, _) in trues.items():
            if true.isalpha() and read.strip() == read:
                shares[read, true] = max(share, shares.get((read, true), 0.0))
    return shares


def fit(pages: Sequence[AlignedPage], prior: Mapping[Pair, float]) -> dict[Pair, float]:
    """The shares of confusions, at :data:`~pipeline.cleanup.channel.TYPICAL` misread letters."""
    shares = dict(prior)
    for _ in range(3):
        seen: Counter[Pair] = Counter()
        letters: Counter[str] = Counter()
        errors = 0
        for page in pages:
            true = folded_read(page.true)
            letters.update(true)
            for pair in confusions(folded_read(page.read), true, shares):
                seen[pair] += 1
                errors += max(1, len(pair[1]))
        scale = TYPICAL / max(TYPICAL / 4, min(0.5, errors / max(1, letters.total())))
        shares = _smoothed(seen, letters, prior, scale)
    return shares


def _smoothed(
    seen: Mapping[Pair, int], letters: Counter[str], prior: Mapping[Pair, float], scale: float
) -> dict[Pair, float]:
    shares = dict(prior)
    for (read, true), count in seen.items():
        if not set(true) <= _LETTERS:
            continue
        before = prior.get((read, true), FLOOR)
        room = min((letters[c] for c in true), default=letters.total())
        # What was seen once is no habit yet, the less so the longer it is.
        worth = max(0.1, count - (0.4 if len(read) + len(true) <= 2 else 0.7))
        if len(read) + len(true) > 4 and worth < 1:
            continue
        shares[read, true] = (scale * worth + before * _STRENGTH) / (
            max(room, scale * worth) + _STRENGTH
        )
    return shares


def confusions(read: str, true: str, shares: Mapping[Pair, float]) -> Iterator[Pair]:
    """The small confusions of which the differences between two texts are made."""
    stretch: list[int] | None = None
    for code in Levenshtein.opcodes(true, read):
        spans = [code.src_start, code.src_end, code.dest_start, code.dest_end]
        if code.tag == "equal" and code.src_end - code.src_start > _BRIDGE:
            if stretch:
                yield from _parted(
                    read[stretch[2] : stretch[3]], true[stretch[0] : stretch[1]], shares
                )
            stretch = None
        elif stretch is None:
            stretch = spans if code.tag != "equal" else None
        else:
            stretch[1], stretch[3] = spans[1], spans[3]
    if stretch:
        yield from _parted(read[stretch[2] : stretch[3]], true[stretch[0] : stretch[1]], shares)


def _parted(read: str, true: str, shares: Mapping[Pair, float]) -> Iterable[Pair]:
    if max(len(read), len(true)) > _LARGEST or "\n" in read or "\n" in true:
        return []
    start: tuple[float, tuple[int, int], Pair | None] = (0.0, (0, 0), None)
    best = {(0, 0): start}
    for place in product(range(len(read) + 1), range(len(true) + 1)):
        if place in best:
            for pair in _next_pairs(read[place[0] :], true[place[1] :]):
                score = best[place][0] + _cost(pair, shares)
                after = (place[0] + len(pair[0]), place[1] + len(pair[1]))
                if after not in best or best[after][0] < score:
                    best[after] = (score, place, pair)
    row: list[Pair] = []
    at = (len(read), len(true))
    while at != (0, 0):
        _, before, found = best[at]
        if found is not None and found[0] != found[1]:
            row.append(found)
        at = before
    return row


def _next_pairs(read: str, true: str) -> Iterator[Pair]:
    lengths = range(_LONGEST + 1)
    for first, second in product(lengths, lengths):
        if first + second and first <= len(read) and second <= len(true):
            yield read[:first], true[:second]


def _cost(pair: Pair, shares: Mapping[Pair, float]) -> float:
    read, true = pair
    if read == true:
        return -0.1 * len(read) if len(read) == 1 else -math.inf
    known = shares.get(pair)
    if known:
        return math.log(known)
    if not true:
        return math.log(_ADDED) * len(read)
    if not read:
        return math.log(_LOST) * len(true)
    # Never seen: the more characters, the less likely; three for three are a last resort.
    return -7.5 - 2.5 * (len(read) + len(true) - 2)


_ABOUT = (
    "What engines read for true letters: by the look of drawn letters, by the lists of"
    " confusables.toml, by facsimiles, and by {pages} texts of keyed pages that a commercial"
    " program read; only these figures come from them"
)


def make(real: Path, target: Path) -> str:
    """Fit the channel on the pages of ``real`` and write it; gives what was done."""
    from pipeline.training.glyph_shapes import alike  # noqa: PLC0415  draws for a minute

    pages = pages_in(real)
    by_look = by_shape(alike())
    shares = fit(pages, by_look)
    write_atomic(target, stored(shares, by_look, _ABOUT.format(pages=len(pages))))
    return f"{target}: {len(shares)} confusions from {len(pages)} texts"


def stored(shares: Mapping[Pair, float], by_look: Mapping[Pair, float], about: str) -> bytes:
    """The file of ``shares``, in ten-thousandths, in order."""
    pairs = (
        (read, true, round(share * 1e4, 2), round(by_look.get((read, true), 0.0) * 1e4, 2))
        for (read, true), share in shares.items()
    )
    return msgspec.msgpack.encode(Confusions(about=about, pairs=tuple(sorted(pairs))))
