"""What a person sees on the terminal: a progress bar, and tables of scores (also as CSV)."""

from __future__ import annotations

import logging
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol, TextIO

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.table import Table

from pipeline.commands.escapes import printable
from pipeline.evaluate import Score, Summary
from pipeline.evaluate.field_scores import all_fields
from pipeline.evaluate.intervals import Rate
from pipeline.store import csv_table
from pipeline.text import Level

if TYPE_CHECKING:  # evaluation starts without the stages, which a batch needs
    from pipeline.batch import Row, State

LINE_EVERY = 60.0
"""Seconds between lines of progress off a terminal."""

SHOWN = 40
"""Documents in the table of scores; of more, the worst."""

_CAUSES = ("recognition", "kept_noise", "misfiled", "lost_body", "order")


class Report(Protocol):
    """Tells of progress: what is done, and what there is to do."""

    def __call__(self, done: int, total: int, /) -> None:
        """Show it."""


@contextmanager
def progress_bar(console: Console, what: str = "Documents") -> Iterator[Report | None]:
    """A bar on ``console`` (made for stderr) for a long job; ``None`` off a terminal."""
    if not console.is_terminal:
        yield None
        return
    stderr = sys.stderr
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, transient=True) as bar, _logs_above(stderr):
        task = bar.add_task(what, total=None)

        def report(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total)

        yield report


@contextmanager
def batch_progress(console: Console) -> Iterator[Callable[[State, Row | None], None]]:
    """Tells of a batch on ``console`` (made for stderr): a bar; a line a minute off a terminal."""
    if not console.is_terminal:
        yield _Lines(console)
        return
    stderr = sys.stderr
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=console, transient=True) as bar, _logs_above(stderr):
        task = bar.add_task("Documents", total=None)

        def report(state: State, row: Row | None) -> None:
            del row
            words = f"Documents, {_in_words(state)}"
            bar.update(task, completed=state.documents, total=state.of, description=words)

        yield report


class _Lines:
    """A line a minute; the first after a minute, so that short runs say nothing."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._last = time.monotonic()

    def __call__(self, state: State, row: Row | None) -> None:
        del row
        if time.monotonic() - self._last >= LINE_EVERY:
            self._last = time.monotonic()
            said = f"depesha: {state.documents} of {state.of} documents, {_in_words(state)}"
            self._console.print(said, markup=False, highlight=False, soft_wrap=True)


def _in_words(state: State) -> str:
    said = [f"{state.pages} pages read"]
    if state.failed:
        said.insert(0, f"{state.failed} failed")
    if state.pages_an_hour is not None:
        said.append(f"{state.pages_an_hour:.0f} pages an hour")
    if state.seconds_left is not None:
        said.append(f"{duration(state.seconds_left)} left")
    return ", ".join(said)


def duration(seconds: float) -> str:
    """``seconds`` as people say it."""
    if seconds < 100:
        return f"{seconds:.0f} s"
    if seconds < 100 * 60:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / 3600:.1f} h"


@contextmanager
def _logs_above(stderr: TextIO) -> Iterator[None]:
    """Logs to ``stderr`` go through rich's own while a bar is drawn, or they would tear it."""
    handlers = [
        handler
        for handler in logging.getLogger().handlers
        if isinstance(handler, logging.StreamHandler) and handler.stream is stderr
    ]
    for handler in handlers:
        handler.setStream(sys.stderr)
    try:
        yield
    finally:
        for handler in handlers:
            handler.setStream(stderr)


def scores_csv(scores: Iterable[Score]) -> str:
    """One row per document: errors, lengths and rates at each level, as fractions."""
    measures = ("cer", "wer", "cer_raw", "cer_body", "fca", "bag", *_CAUSES)
    head = ["id", "labelled", *(f"{m}_{x}" for x in Level for m in ("errors", "length", *measures))]
    return csv_table([*head, "body_loss"], map(_csv_row, scores))


def _csv_row(score: Score) -> list[object]:
    row: list[object] = [score.document_id, score.labelled]
    for level in Level:
        clean = score.clean
        cer, causes = clean.scores.cer.at(level), clean.causes.at(level)
        details = clean.details.at(level)
        row += [
            cer.errors,
            cer.length,
            cer.rate,
            clean.scores.wer.at(level).rate,
            score.raw.scores.cer.at(level).rate if score.raw else None,
            score.body.at(level).counts.rate,
            details.flexible.accuracy,
            details.bag.rate,
            *(getattr(causes, name) for name in _CAUSES),
        ]
    return [*row, score.body_loss.rate if score.body_loss else None]


def scores_table(all_scores: Sequence[Score], summary: Summary, level: Level) -> Table:
    """A row per document at ``level``, and the whole below."""
    scores = _worst(all_scores, level)
    title = f"Errors at level {level}"
    if len(scores) < len(all_scores):
        title += f"; the worst {len(scores)} of {len(all_scores)} documents"
    table = Table(title=title, title_justify="left")
    table.add_column("document", overflow="fold")
    for name in ("CER raw", "body", "CER", "WER", *(x.replace("_", " ") for x in _CAUSES)):
        table.add_column(name, justify="right")
    for score in scores:
        causes = score.clean.causes.at(level)
        raw = score.raw.scores.cer.at(level).rate if score.raw else None
        table.add_row(
            printable(score.document_id),
            percent(raw),
            percent(score.body.at(level).counts.rate),
            percent(score.clean.scores.cer.at(level).rate),
            percent(score.clean.scores.wer.at(level).rate),
            *(str(getattr(causes, name)) for name in _CAUSES),
        )
    table.add_section()
    table.add_row(
        f"{summary.documents} document{'' if summary.documents == 1 else 's'}",
        percent(summary.raw.cer.at(level).rate if summary.raw else None),
        percent(summary.body.at(level).rate),
        with_interval(summary.clean.cer.at(level)),
        with_interval(summary.clean.wer.at(level)),
        *(str(getattr(summary.clean.causes.at(level), name)) for name in _CAUSES),
        style="bold",
    )
    return table


def scopes_table(summary: Summary, level: Level) -> Table | None:
    """The same results at every scope, side by side; ``None`` where no scope is known."""
    found = [x for x in summary.scopes if x.level is level]
    if not found:
        return None
    table = Table(title=f"The same by scope, level {level}", title_justify="left")
    for name in ("scope", "CER as filed", "CER as read", "digits right"):
        table.add_column(name, justify="left" if name == "scope" else "right")
    for x in found:
        table.add_row(
            x.scope.value,
            "-" if x.filed is None else with_interval(x.filed),
            "-" if x.read is None else with_interval(x.read),
            percent(x.digits.rate),
        )
    return table


def summary_lines(summary: Summary, level: Level) -> Iterator[str]:
    """Figures that need no table: numbers, names, fields, lines, what was misfiled."""
    said = "; ".join(
        f"{', '.join(kinds) or 'all that was read with all of the truth'} ({number:,})"
        for kinds, number in summary.compared[:3]
    )
    yield f"compared (documents): {said}"
    details = summary.clean.details.at(level)
    for name, share in (
        ("digits", details.digits),
        ("numbers", details.numbers),
        ("names", details.names),
    ):
        if share.total:
            yield f"{name} right: {share.count:,} of {share.total:,} ({percent(share.rate)})"
    if summary.keyed is not None:
        of = f"{summary.keyed.errors:,} of {summary.keyed.length:,} characters"
        digits = percent(summary.keyed.digit_rate)
        yield f"as keyed pages are scored: {percent(summary.keyed.rate)}, {of}; digits {digits}"
    if summary.fields:
        whole = all_fields(summary.fields)
        f1 = percent(whole.f1)
        if summary.fields_f1 is not None:
            f1 += f" ({summary.fields_f1.low:.2%} to {summary.fields_f1.high:.2%})"
        yield (
            f"fields: {whole.right} right, {whole.wrong} wrong, {whole.missing} missing, "
            f"{whole.invented} invented; F1 {f1}"
        )
    if summary.lines_found is not None:
        lines = summary.lines_found
        yield (
            f"lines found: {lines.found:,} of {lines.true:,} ({percent(lines.recall)}), "
            f"precision {percent(lines.precision)}"
        )
    loss = summary.body_loss
    if loss is not None and loss.length:
        yield (
            f"true characters not in the text: {loss.dropped:,} dropped, {loss.misfiled:,} filed "
            f"as another kind, {loss.unread:,} never read, of {loss.length:,}"
        )


def _worst(scores: Sequence[Score], level: Level) -> Sequence[Score]:
    if len(scores) <= SHOWN:
        return scores
    return sorted(scores, key=lambda x: -(x.clean.scores.cer.at(level).rate or 0.0))[:SHOWN]


def percent(rate: float | None) -> str:
    """A rate as it is printed; a dash where it is unknown."""
    return "-" if rate is None else f"{rate:.2%}"


def with_interval(rate: Rate) -> str:
    """A rate with its interval, where it has one."""
    if rate.interval is None:
        return percent(rate.rate)
    return f"{percent(rate.rate)} ({rate.interval.low:.2%} to {rate.interval.high:.2%})"
