"""More than one number: which characters, which words, which lines are wrong."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

import regex

from pipeline.evaluate.align import AlignedTexts, Operation, OpKind
from pipeline.evaluate.flexible import Flexible, flexible_accuracy
from pipeline.evaluate.lines import LineCounts, line_report
from pipeline.lexicon import is_name
from pipeline.text import normalise

_LETTER = regex.compile(r"\p{L}")
_DIGIT = regex.compile(r"\p{N}")
_NUMBER = regex.compile(r"\d++")
_CAPITALISED = regex.compile(r"(?<![\p{L}\p{M}])\p{Lu}\p{L}++")
_PUNCTUATION = regex.compile(r"[\p{P}\p{S}]")
_MIXED = regex.compile(r"(?=.*\p{IsCyrillic})(?=.*\p{IsLatin})", regex.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """So many of so many; sums stay shares."""

    count: int = 0
    total: int = 0

    @property
    def rate(self) -> float | None:
        """``count / total``, 0.0 to 1.0; ``None`` where there is nothing to count."""
        return self.count / self.total if self.total else None

    def __add__(self, other: Share) -> Share:
        return Share(count=self.count + other.count, total=self.total + other.total)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bag:
    """Words as a bag, whatever their order: how many are missing, and how many too many."""

    missing: int = 0
    extra: int = 0
    length: int = 0

    @property
    def rate(self) -> float | None:
        """``max(missing, extra) / length``; ``None`` without words in the truth.

        The position-independent error rate of Tillmann et al. 1997 ("Accelerated DP based
        search for statistical translation"): never above the WER, equal to it where the
        order is right and no word is both lost and added.
        """
        return max(self.missing, self.extra) / self.length if self.length else None

    def __add__(self, other: Bag) -> Bag:
        return Bag(
            missing=self.missing + other.missing,
            extra=self.extra + other.extra,
            length=self.length + other.length,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Confusion:
    """``true`` was read as ``read``, ``count`` times; empty: nothing stood (or was read) there."""

    true: str
    read: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Details:
    """Of one text at one level.

    ``letters``, ``digits``, ``punctuation``: characters of the truth (by the Unicode class
    of their first code point: L; N; P and S) that were read right. ``mixed_words``: words of
    the result that hold Cyrillic and Latin letters at once, of its words with letters: the
    look-alike rate. ``numbers``: runs of digits of the truth that were read right whole;
    ``names``: those that the truth marks, else its capitalised words that the lexicon knows as
    names, likewise.
    ``perfect_lines``: lines of the truth without an error; ``lines``: what became of each.
    ``confusions`` are sorted, the most frequent first.
    """

    letters: Share = Share()
    digits: Share = Share()
    punctuation: Share = Share()
    numbers: Share = Share()
    names: Share = Share()
    bag: Bag = Bag()
    flexible: Flexible = field(default_factory=Flexible)
    mixed_words: Share = Share()
    perfect_lines: Share = Share()
    lines: LineCounts = field(default_factory=LineCounts)
    confusions: tuple[Confusion, ...] = ()

    def __add__(self, other: Details) -> Details:
        counts: Counter[tuple[str, str]] = Counter()
        for x in (*self.confusions, *other.confusions):
            counts[x.true, x.read] += x.count
        return Details(
            letters=self.letters + other.letters,
            digits=self.digits + other.digits,
            punctuation=self.punctuation + other.punctuation,
            numbers=self.numbers + other.numbers,
            names=self.names + other.names,
            bag=self.bag + other.bag,
            flexible=self.flexible + other.flexible,
            mixed_words=self.mixed_words + other.mixed_words,
            perfect_lines=self.perfect_lines + other.perfect_lines,
            lines=self.lines + other.lines,
            confusions=sorted_confusions(counts),
        )


def details_of(pair: AlignedTexts, names: Sequence[str] = ()) -> Details:
    """The details of two compared texts; ``names`` are those that the truth marks, if it does."""
    units = Counter(pair.true_units)
    wrong = _wrong(pair.true_units, pair.operations)
    lines = line_report(pair)
    return Details(
        letters=_right(units, wrong, _LETTER),
        digits=_right(units, wrong, _DIGIT),
        punctuation=_right(units, wrong, _PUNCTUATION),
        numbers=_whole(pair, _NUMBER, lambda _: True),
        names=_whole(pair, *_marked(names, pair)) if names else _whole(pair, _CAPITALISED, is_name),
        bag=bag_of_words(pair.true_words, pair.read_words),
        flexible=flexible_accuracy(pair.reference, pair.hypothesis, pair.level),
        mixed_words=Share(
            count=sum(1 for word in pair.read_words if _MIXED.match(word)),
            total=sum(1 for word in pair.read_words if _LETTER.search(word)),
        ),
        perfect_lines=Share(count=lines.perfect, total=lines.total),
        lines=lines.counts,
        confusions=sorted_confusions(confusions(pair.true_units, pair.operations)),
    )


def bag_of_words(reference: Sequence[str], hypothesis: Sequence[str]) -> Bag:
    """The words of two texts compared as bags."""
    true, read = Counter(reference), Counter(hypothesis)
    return Bag(missing=(true - read).total(), extra=(read - true).total(), length=len(reference))


def confusions(
    reference: Sequence[str], operations: Iterable[Operation]
) -> Counter[tuple[str, str]]:
    """How often each unit was read as which other; ``""`` on one side for lost and added ones."""
    counts: Counter[tuple[str, str]] = Counter()
    for x in operations:
        before = reference[x.start : x.stop]
        if x.kind is OpKind.SUBSTITUTE:
            counts.update(zip(before, x.after, strict=True))
        elif x.kind is OpKind.DELETE:
            counts.update((unit, "") for unit in before)
        elif x.kind is OpKind.INSERT:
            counts.update(("", unit) for unit in x.after)
    return counts


def sorted_confusions(counts: Counter[tuple[str, str]]) -> tuple[Confusion, ...]:
    """Counts of ``(true, read)`` as a table, the most frequent first."""
    ordered = sorted(counts.items(), key=lambda x: (-x[1], x[0]))
    return tuple(Confusion(true=a, read=b, count=n) for (a, b), n in ordered)


def _wrong(units: Sequence[str], operations: Iterable[Operation]) -> Counter[str]:
    """Units of the truth that were misread or lost."""
    return Counter(
        unit
        for x in operations
        if x.kind in (OpKind.SUBSTITUTE, OpKind.DELETE)
        for unit in units[x.start : x.stop]
    )


def _right(counts: Counter[str], wrong: Counter[str], kind: regex.Pattern[str]) -> Share:
    chosen = [unit for unit in counts if kind.match(unit)]
    total = sum(counts[unit] for unit in chosen)
    return Share(count=total - sum(wrong[unit] for unit in chosen), total=total)


def _whole(pair: AlignedTexts, pattern: regex.Pattern[str], counts: Callable[[str], bool]) -> Share:
    """What ``pattern`` finds in the truth and ``counts``, and how much of it was read whole.

    It must stand in the result as one run that ``pattern`` finds too: ``143`` in ``1430`` is wrong.
    """
    true = _one_each(pair.true, pair.true_units)
    wanted = [match.span() for match in pattern.finditer(true) if counts(match[0])]
    if not wanted:
        return Share()
    read = _one_each(pair.read, pair.read_units)
    ends = {match.start(): match.end() for match in pattern.finditer(read)}
    equal = [x for x in pair.operations if x.kind is OpKind.EQUAL]
    starts = [x.start for x in equal]
    right = 0
    for start, stop in wanted:
        run = equal[place] if (place := bisect_right(starts, start) - 1) >= 0 else None
        if run is not None and stop <= run.stop:
            at = run.other_start + start - run.start
            right += ends.get(at) == at + stop - start
    return Share(count=right, total=len(wanted))


def _marked(
    names: Sequence[str], pair: AlignedTexts
) -> tuple[regex.Pattern[str], Callable[[str], bool]]:
    """A pattern of the marked names as whole words at the pair's level; each counts."""
    forms = sorted({normalise(name, pair.level) for name in names} - {""}, key=len, reverse=True)
    either = "|".join(map(regex.escape, forms)) or "(?!)"
    return regex.compile(rf"(?<![\p{{L}}\p{{M}}])(?:{either})(?![\p{{L}}\p{{M}}])"), lambda _: True


def _one_each(text: str, units: Sequence[str]) -> str:
    """One code point for each grapheme: places in the text are places in the units."""
    return text if len(text) == len(units) else "".join(unit[0] for unit in units)
