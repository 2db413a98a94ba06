"""Whether one run is better than another, and how sure that is: paired bootstrap over documents."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from pipeline.evaluate.intervals import Interval, Rate, interval_of, rate_with_interval
from pipeline.evaluate.metrics import Counts
from pipeline.evaluate.scopes import Scope, at_scope
from pipeline.evaluate.score import Score
from pipeline.text import Level


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What became of one document: its errors in the first and the second run."""

    document_id: str
    before: Counts
    after: Counts

    @property
    def added(self) -> int:
        """Errors more than before; negative is better."""
        return self.after.errors - self.before.errors


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Two runs over the same documents.

    ``difference`` is the micro-averaged rate of the second run less that of the first
    (negative: the second is better), ``interval`` its 95 % interval, ``None`` below two
    documents. ``changes`` are all documents, by id; ``worst`` up to ten that got worse, the
    worst first. ``unpaired`` are documents that one run alone has; they are not counted.
    """

    first: Rate
    second: Rate
    difference: float | None
    interval: Interval | None
    better: int
    equal: int
    worse: int
    worst: tuple[Change, ...]
    changes: tuple[Change, ...]
    unpaired: tuple[str, ...]


def compare_runs(
    first: Mapping[str, Counts], second: Mapping[str, Counts], comparisons: int = 1
) -> Comparison:
    """The paired comparison of two runs, each ``{document id: counts}``.

    The same resampled documents are taken from both runs, so that what makes a document
    hard for both cancels out. ``comparisons``: how many are looked at together, for the interval.
    """
    changes = [
        Change(document_id=name, before=first[name], after=second[name])
        for name in sorted(first.keys() & second.keys())
    ]
    before, after = [c.before for c in changes], [c.after for c in changes]
    old, new = rate_with_interval(before), rate_with_interval(after)
    worse = sorted((c for c in changes if c.added > 0), key=lambda c: -c.added)
    known = old.rate is not None and new.rate is not None
    return Comparison(
        first=old,
        second=new,
        difference=new.rate - old.rate if known else None,  # type: ignore[operator]
        interval=interval_of([before, after], comparisons),
        better=sum(c.added < 0 for c in changes),
        equal=sum(c.added == 0 for c in changes),
        worse=len(worse),
        worst=tuple(worse[:10]),
        changes=tuple(changes),
        unpaired=tuple(sorted(first.keys() ^ second.keys())),
    )


def compare_scores(
    first: Sequence[Score], second: Sequence[Score], level: Level, *, words: bool = False
) -> Comparison:
    """The clean texts of two runs at ``level``, paired by document: CER, or WER (``words``)."""
    return compare_by(first, second, "wer" if words else "cer", level)


FIGURES = (*(f"read_{x}" for x in Scope), *(f"filed_{x}" for x in Scope), "cer", "wer")
"""What runs are compared by, the fairest first: the scopes as read, then as filed, then the text
that each run gives against the text that the truth gives."""


def fair_figure(runs: Sequence[Sequence[Score]]) -> str:
    """The figure by which ``runs`` are first compared: the document as read, where all have it."""
    fair = f"read_{Scope.DOCUMENT}"
    shared = [set.intersection(*(set(counts_of_run(x, fair, y)) for x in runs)) for y in Level]
    return fair if all(shared) else "cer"


def compare_by(
    first: Sequence[Score], second: Sequence[Score], figure: str, level: Level
) -> Comparison:
    """Two runs by ``figure`` (one of :data:`FIGURES`), paired by document."""
    return compare_runs(counts_of_run(first, figure, level), counts_of_run(second, figure, level))


def counts_of_run(scores: Sequence[Score], figure: str, level: Level) -> dict[str, Counts]:
    """Document id to the counts of ``figure`` (one of :data:`FIGURES`), where it is known."""
    found: dict[str, Counts] = {}
    way, _, scope = figure.partition("_")
    for score in scores:
        if scope:
            at = at_scope(score.scopes, Scope(scope), level)
            counts = getattr(at, way) if at is not None else None
        else:
            counts = getattr(score.clean.scores, figure).at(level)
        if counts is not None:
            found[score.document_id] = counts
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Duel:
    """The run at index ``second`` against the one at ``first``, over the same documents.

    ``interval`` holds together with those of all other duels of the contest (Bonferroni).
    """

    first: int
    second: int
    difference: float | None
    interval: Interval | None
    better: int
    equal: int
    worse: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Contest:
    """All runs by one figure, over the documents that all of them have.

    ``rates`` are in the order of the runs; ``duels`` are all pairs of runs, the first before the
    second.
    """

    figure: str
    documents: int
    rates: tuple[Rate, ...]
    duels: tuple[Duel, ...]


def contest(runs: Sequence[Sequence[Score]], figure: str, level: Level) -> Contest | None:
    """``runs`` by ``figure`` at ``level``; ``None`` where a run does not have it."""
    counts = [counts_of_run(run, figure, level) for run in runs]
    shared = sorted(set.intersection(*(set(x) for x in counts)))
    if not shared:
        return None
    pairs = list(combinations(range(len(runs)), 2))
    return Contest(
        figure=figure,
        documents=len(shared),
        rates=tuple(rate_with_interval([x[name] for name in shared]) for x in counts),
        duels=tuple(
            _duel(i, j, [{n: counts[k][n] for n in shared} for k in (i, j)], len(pairs))
            for i, j in pairs
        ),
    )


def contests(runs: Sequence[Sequence[Score]], level: Level) -> tuple[Contest, ...]:
    """The contests by every figure that all runs have, in the order of :data:`FIGURES`."""
    found = (contest(runs, figure, level) for figure in FIGURES)
    return tuple(x for x in found if x is not None)


def _duel(first: int, second: int, counts: Sequence[Mapping[str, Counts]], many: int) -> Duel:
    found = compare_runs(counts[0], counts[1], many)
    return Duel(
        first=first,
        second=second,
        difference=found.difference,
        interval=found.interval,
        better=found.better,
        equal=found.equal,
        worse=found.worse,
    )
