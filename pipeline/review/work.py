"""What was done, told from the log alone: words looked at, words changed, time at work."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from pipeline.review.decisions import Event

_LONGEST_PAUSE = 120.0
"""Seconds without a decision that still count as work."""

_FIRST = 10.0
"""Seconds that the first decision after a pause counts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """Decisions that stand: ``looked`` words confirmed or changed, ``changed`` of them changed.

    ``asked`` words were looked at only because they were drawn at random, ``missed`` of these were
    wrong though they were sure. ``seconds`` counts time between decisions of one person on the
    document, pauses of more than two minutes left out.
    """

    looked: int = 0
    changed: int = 0
    asked: int = 0
    missed: int = 0
    seconds: float = 0.0


def work_of(events: Iterable[Event]) -> Work:
    """The work that ``events``, those of one document, are."""
    some = tuple(events)
    stands = {event.number: True for event in some}
    root: dict[int, int] = {}
    for event in some:
        if event.undoes is not None:
            # Undone, redone, undone again: each takes back what the one before did to the first.
            root[event.number] = root.get(event.undoes, event.undoes)
            stands[root[event.number]] = not stands[root[event.number]]
    looked = changed = asked = missed = 0
    for event in some:
        if event.undoes is not None or not stands[event.number]:
            continue
        corrects = event.action in ("text", "illegible", "apply")
        if corrects or event.action == "accept":
            looked += 1
            changed += corrects
            if event.asked == "audit":
                asked += 1
                missed += corrects
    return Work(looked=looked, changed=changed, asked=asked, missed=missed, seconds=_seconds(some))


def _seconds(events: Iterable[Event]) -> float:
    times: dict[str, list[datetime]] = defaultdict(list)
    for event in events:
        times[event.user].append(datetime.fromisoformat(event.time))
    total = 0.0
    for moments in times.values():
        before: datetime | None = None
        for moment in moments:
            pause = (moment - before).total_seconds() if before else _LONGEST_PAUSE + 1
            total += pause if pause <= _LONGEST_PAUSE else _FIRST
            before = moment
    return round(total, 1)
