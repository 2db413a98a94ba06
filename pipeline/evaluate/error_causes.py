"""The error, split by its cause: recognition, kept noise, misfiled, lost body, order.

Ground truth holds the body alone and the text is compared as it stands, so one number
mixes five faults. Every single edit of the optimal alignment (graphemes) is given to
exactly one of them, so the five always add up to the total. The definition:

1. *Islands*: runs of at least 4 equal graphemes. A run of fewer than 8 that is shorter
   than the errors on either side of it is chance (two unrelated Russian texts agree in
   every fourth letter) and is no island. What lies between islands is a *gap*.
2. A gap is judged by its extent ``r`` in the reference and ``h`` in the hypothesis:

   - ``h - r >= 12``: text without counterpart; its insertions are **kept noise**;
   - ``r - h >= 12``: truth without counterpart; its deletions are **lost body**;
   - both at least 12 and fewer than half of the shorter agree: two texts that have nothing
     to do with each other; insertions are kept noise, deletions and substitutions lost body
     (a substitution is one true character lost and one of noise kept, but one error; it is
     counted where it hurts more);
   - everything else is **recognition**.
3. **Order**: where three or more words in a row, at least 12 graphemes, stand in what was
   lost *and* in what was kept as noise, the text was moved. Runs on one diagonal with up
   to two words between them are one run. Every edit that touches a moved grapheme, on
   either side, is an order error instead.

4. **Misfiled**: what was lost and stands on a line that was kept under a kind that is not
   compared (alike by RapidFuzz's partial ratio of 75, or to the letter where it is short) was read,
   and filed as something else. Its edits are misfiled, not lost.

What it cannot see: an edit distance is a minimum, so a lost line beside a longer stretch
of noise may cost no deletion at all (its letters are all found in the noise). Body loss
(:mod:`pipeline.evaluate.body_loss`) does not have that blind spot.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from rapidfuzz import fuzz

from pipeline.evaluate.align import AlignedTexts, Operation, OpKind, align_texts
from pipeline.text import Level, normalise

ISLAND = 4
SURE_ISLAND = 8
BLOCK = 12
MOVED_WORDS = 3
BRIDGE = 2
MISFILED = 4
"""Graphemes that must be lost in a gap for it to be looked for among misfiled lines."""

ALIKE, ALIKE_FROM = 75.0, 8
"""Similarity (0 to 100) of a misfiled line with what was lost; shorter ones: to the letter."""

_LACKS = (OpKind.DELETE, OpKind.SUBSTITUTE)

TRIED = 8
"""Places looked at for one moved run; more than a few exist in nonsense alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorCauses:
    """Errors by cause (see the module); ``length`` is that of the reference."""

    recognition: int = 0
    kept_noise: int = 0
    misfiled: int = 0
    lost_body: int = 0
    order: int = 0
    length: int = 0

    @property
    def errors(self) -> int:
        """All of them: the total errors of the alignment."""
        return self.recognition + self.kept_noise + self.misfiled + self.lost_body + self.order

    def __add__(self, other: ErrorCauses) -> ErrorCauses:
        return ErrorCauses(
            recognition=self.recognition + other.recognition,
            kept_noise=self.kept_noise + other.kept_noise,
            misfiled=self.misfiled + other.misfiled,
            lost_body=self.lost_body + other.lost_body,
            order=self.order + other.order,
            length=self.length + other.length,
        )


@dataclass(slots=True)
class _Gap:
    """What lies between two islands: operations, and what became of their edits."""

    operations: list[Operation] = field(default_factory=list)
    errors: int = 0
    noise: bool = False
    lost: bool = False
    replaced: bool = False

    def close(self) -> _Gap:
        first, last = self.operations[0], self.operations[-1]
        true, read = last.stop - first.start, last.other_stop - first.other_start
        equal = sum(x.stop - x.start for x in self.operations if x.kind is OpKind.EQUAL)
        short = min(true, read)
        self.replaced = short >= BLOCK and equal < 0.5 * short
        self.noise = self.replaced or read - true >= BLOCK
        self.lost = self.replaced or true - read >= BLOCK
        return self

    def cause(self, kind: OpKind) -> str:
        if kind is OpKind.INSERT and self.noise:
            return "kept_noise"
        if kind is OpKind.DELETE and self.lost:
            return "lost_body"
        if kind is OpKind.SUBSTITUTE and self.replaced:
            return "lost_body"
        return "recognition"


def error_causes(reference: str, hypothesis: str, level: Level = Level.STRICT) -> ErrorCauses:
    """The character errors of ``hypothesis`` at ``level``, split by cause; sums to the total."""
    return causes_of(align_texts(reference, hypothesis, level))


def causes_of(pair: AlignedTexts, misfiled: Sequence[str] = ()) -> ErrorCauses:
    """The character errors of two compared texts, split by cause; sums to the total.

    ``misfiled`` are the texts of lines that were kept under kinds that are not compared.
    """
    gaps = list(_gaps(pair.operations))
    from_, to = _moved(pair.true_units, pair.read_units, gaps)
    elsewhere = _elsewhere(pair, gaps, misfiled) - from_ if misfiled else set()
    sums = dict.fromkeys(("recognition", "kept_noise", "misfiled", "lost_body", "order"), 0)
    for gap in gaps:
        for operation in gap.operations:
            if operation.kind is not OpKind.EQUAL:
                moved = _touching(operation, from_, to)
                filed = min(_lacking(operation, elsewhere), operation.cost - moved)
                sums["order"] += moved
                sums["misfiled"] += filed
                sums[gap.cause(operation.kind)] += operation.cost - moved - filed
    return ErrorCauses(**sums, length=len(pair.true_units))


def _elsewhere(pair: AlignedTexts, gaps: Sequence[_Gap], texts: Sequence[str]) -> set[int]:
    """Positions of the reference that were lost and stand in one of ``texts``."""
    found: set[int] = set()
    rows = sorted((normalise(text, pair.level) for text in texts), key=len, reverse=True)
    for gap in gaps:
        start, stop = gap.operations[0].start, gap.operations[-1].stop
        lost = sum(x.cost for x in gap.operations if x.kind in _LACKS)
        if lost < MISFILED:
            continue
        units = pair.true_units[start:stop]
        # One code point for each grapheme, so that places in the text are places in the units.
        text = "".join(unit[0] for unit in units)
        for row in rows:
            for begin, end in _standing(row, text):
                free = [i for i in range(start + begin, start + end) if i not in found]
                found.update(free)
    return found


def _standing(row: str, text: str) -> Iterator[tuple[int, int]]:
    """Where in ``text`` the shorter of the two stands, alike or (if it is short) to the letter."""
    short = min(len(row), len(text))
    if short < MISFILED:
        return
    if short < ALIKE_FROM:
        at = text.find(row) if len(row) <= len(text) else (0 if text.strip() in row else -1)
        if at >= 0:
            yield at, at + min(len(row), len(text))
        return
    match = fuzz.partial_ratio_alignment(text, row, score_cutoff=ALIKE)
    if match is not None:
        yield match.src_start, match.src_end


def _lacking(operation: Operation, elsewhere: set[int]) -> int:
    """How many single edits of ``operation`` miss a grapheme that stands elsewhere."""
    if not elsewhere or operation.kind not in _LACKS:
        return 0
    return sum(i in elsewhere for i in range(operation.start, operation.stop))


def error_extents(operations: Sequence[Operation]) -> Iterator[tuple[int, int]]:
    """Where in the reference the gaps lie (see the module): ``(start, stop)``, in order."""
    for gap in _gaps(operations):
        yield gap.operations[0].start, gap.operations[-1].stop


def _gaps(operations: Sequence[Operation]) -> Iterator[_Gap]:
    """Gaps with at least one error, in order; chance islands are inside them."""
    gap = _Gap()
    held: list[Operation] = []
    for index, operation in enumerate(operations):
        if operation.kind is not OpKind.EQUAL:
            gap.operations += [*held, operation]
            gap.errors += operation.cost
            held = []
        elif not gap.operations:
            continue
        elif _is_island(operation, gap.errors, operations, index):
            yield gap.close()
            gap, held = _Gap(), []
        else:
            held = [operation]
    if gap.operations:
        yield gap.close()


def _is_island(run: Operation, before: int, operations: Sequence[Operation], index: int) -> bool:
    length = run.stop - run.start
    if length >= SURE_ISLAND:
        return True
    if length < ISLAND:
        return False
    return length >= before or length >= _errors_after(operations, index, length)


def _errors_after(operations: Sequence[Operation], index: int, enough: int) -> int:
    """Errors from ``index`` to the next run of at least ``ISLAND``; counts up to ``enough``."""
    errors = 0
    for operation in islice(operations, index + 1, None):
        if operation.kind is OpKind.EQUAL and operation.stop - operation.start >= ISLAND:
            break
        errors += operation.cost
        if errors > enough:
            break
    return errors


@dataclass(frozen=True, slots=True)
class _Word:
    text: str
    start: int
    stop: int
    loose: bool
    """It touches a gap: in the reference one with losses, else one with kept noise."""


def _moved(
    true: Sequence[str], read: Sequence[str], gaps: Sequence[_Gap]
) -> tuple[set[int], set[int]]:
    """Positions of moved graphemes in the reference and in the hypothesis."""
    lost = [(g.operations[0].start, g.operations[-1].stop) for g in gaps if g.lost]
    kept = [(g.operations[0].other_start, g.operations[-1].other_stop) for g in gaps if g.noise]
    from_: set[int] = set()
    to: set[int] = set()
    if lost and kept:
        for here, there in _moves(list(_words(true, lost)), list(_words(read, kept))):
            from_ |= _positions(here)
            to |= _positions(there)
    return from_, to


def _moves(
    lost: Sequence[_Word], kept: Sequence[_Word]
) -> Iterator[tuple[Sequence[_Word], Sequence[_Word]]]:
    """Runs of words that stand in both, each place taken once, from the reference's start on."""
    places: dict[tuple[str, ...], list[int]] = {}
    for at in range(len(kept) - MOVED_WORDS + 1):
        if kept[at].loose:
            places.setdefault(_key(kept, at), []).append(at)
    taken: set[int] = set()
    index = 0
    while index <= len(lost) - MOVED_WORDS:
        found = places.get(_key(lost, index), ()) if lost[index].loose else ()
        free = islice((at for at in found if at not in taken), TRIED)
        size, at = max((_run(lost, kept, index, at) for at in free), default=(0, 0))
        here, there = lost[index : index + size], kept[at : at + size]
        if size and there[-1].stop - there[0].start >= BLOCK:
            taken |= set(range(at, at + size))
            yield here, there
            index += size
        else:
            index += 1


def _key(row: Sequence[_Word], index: int) -> tuple[str, ...]:
    return tuple(word.text for word in row[index : index + MOVED_WORDS])


def _words(units: Sequence[str], gaps: Sequence[tuple[int, int]]) -> Iterator[_Word]:
    """All words of ``units`` with their positions."""
    begin: int | None = None
    gap = 0
    for index in range(len(units) + 1):
        if index < len(units) and units[index] != " ":
            begin = index if begin is None else begin
        elif begin is not None:
            while gap < len(gaps) and gaps[gap][1] <= begin:
                gap += 1
            loose = gap < len(gaps) and gaps[gap][0] < index
            yield _Word("".join(units[begin:index]), begin, index, loose)
            begin = None


def _run(lost: Sequence[_Word], kept: Sequence[_Word], index: int, at: int) -> tuple[int, int]:
    """Words of the longest run from ``index`` / ``at`` on, small differences bridged."""
    size = step = 0
    while index + step < len(lost) and at + step < len(kept) and step - size <= BRIDGE:
        step += 1
        if lost[index + step - 1].text == kept[at + step - 1].text:
            size = step
    return size, at


def _positions(run: Sequence[_Word]) -> set[int]:
    # With the spaces between its words and one beside it: they moved along.
    return set(range(run[0].start, run[-1].stop + 1))


def _touching(operation: Operation, from_: set[int], to: set[int]) -> int:
    """How many single edits of ``operation`` touch a moved grapheme."""
    if not from_:
        return 0
    reference = range(operation.start, operation.stop)
    hypothesis = range(operation.other_start, operation.other_stop)
    if operation.kind is OpKind.DELETE:
        return sum(i in from_ for i in reference)
    if operation.kind is OpKind.INSERT:
        return sum(i in to for i in hypothesis)
    return sum(i in from_ or j in to for i, j in zip(reference, hypothesis, strict=True))
