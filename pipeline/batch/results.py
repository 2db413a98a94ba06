"""How a batch came out: one row per document, and one object that counts them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from pipeline.config import Settings
from pipeline.errors import ExitCode
from pipeline.model import Document, Field, Outcome, Problem, Status, Verdict
from pipeline.text import Level


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """Errors over length, kept as sums so that rates add up: never an average of rates."""

    errors: int = 0
    length: int = 0

    @property
    def value(self) -> float | None:
        """Errors per unit of length; ``None`` where there is nothing to compare with."""
        return self.errors / self.length if self.length else None


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelFigures:
    """Character and word errors at one level, of the raw reading and of the clean text."""

    level: Level
    raw_cer: Rate
    raw_wer: Rate
    cer: Rate
    wer: Rate


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """A comparison with ground truth, small enough to keep for every document.

    ``body_loss``: characters of true body dropped, over characters of true body; its
    length is 0 where that is not known.
    """

    levels: tuple[LevelFigures, ...]
    body_loss: Rate = Rate()

    def at(self, level: Level) -> LevelFigures | None:
        """The figures at ``level``, ``None`` where they were not taken."""
        return next((x for x in self.levels if x.level is level), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One document in the summary.

    ``unchanged``: nothing was done, for the stored result is of the same input, settings
    and versions; ``seconds`` is then the time it took back then. ``kept``, ``dropped``
    and ``unsure`` count lines, ``fields`` the fields of the form that were found; ``form``
    holds their names and values, several values of a name parted by ``; ``.
    """

    id: str
    source: str
    status: Status
    unchanged: bool = False
    pages: int = 0
    kept: int = 0
    dropped: int = 0
    unsure: int = 0
    fields: int = 0
    form: tuple[tuple[str, str], ...] = ()
    seconds: float = 0.0
    problems: tuple[Problem, ...] = ()
    figures: Figures | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """One cause and all documents it hit: a thousand times the same is said once."""

    code: str
    message: str
    documents: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchResult:
    """A finished or interrupted batch; ``rows`` are in the order of the input.

    ``not_done`` are the paths that an interrupt left untouched, ``seconds`` the time by
    the clock, ``versions`` sorted pairs.
    """

    rows: tuple[Row, ...]
    out: Path
    settings: Settings
    versions: tuple[tuple[str, str], ...] = ()
    not_done: tuple[str, ...] = ()
    interrupted: bool = False
    seconds: float = 0.0
    jobs: int = 1

    @property
    def outcomes(self) -> tuple[Outcome, ...]:
        """How each document ended."""
        return tuple(
            Outcome(document_id=r.id, status=r.status, problems=r.problems) for r in self.rows
        )

    @property
    def exit_code(self) -> ExitCode:
        """``OK`` only where everything is; the common cause where nothing else came out."""
        if self.interrupted:
            return ExitCode.INTERRUPTED
        if not self.rows:
            return ExitCode.NO_INPUT
        statuses = {row.status for row in self.rows}
        if statuses == {Status.OK}:
            return ExitCode.OK
        codes = {problem.code for row in self.rows for problem in row.problems}
        if statuses == {Status.FAILED} and len(codes) == 1:
            return ExitCode[codes.pop()]
        return ExitCode.SOME_FAILED

    @property
    def failures(self) -> tuple[Failure, ...]:
        """All problems, equal ones together, the most frequent first."""
        hit: dict[tuple[str, str], dict[str, None]] = {}
        for row in self.rows:
            for problem in row.problems:
                hit.setdefault((problem.code, problem.message), {})[row.id] = None
        failures = [
            Failure(code=code, message=message, documents=tuple(ids))
            for (code, message), ids in hit.items()
        ]
        return tuple(sorted(failures, key=lambda f: -len(f.documents)))

    @property
    def pages(self) -> int:
        """All pages."""
        return sum(row.pages for row in self.rows)

    @property
    def seconds_a_page(self) -> float | None:
        """Working time of one process for one page; ``None`` where there are no pages."""
        done = [row for row in self.rows if row.pages]
        return sum(row.seconds for row in done) / self.pages if done else None

    @property
    def figures(self) -> tuple[Figures, ...]:
        """The figures of all documents that were compared with a truth."""
        return tuple(row.figures for row in self.rows if row.figures is not None)

    def count(self, status: Status) -> int:
        """How many documents ended in ``status``."""
        return sum(row.status is status for row in self.rows)


def make_row(
    document: Document,
    *,
    source: str,
    unchanged: bool,
    seconds: float,
    figures: Figures | None,
    problems: tuple[Problem, ...],
) -> Row:
    """The row of a document that came out, wholly or (with ``problems``) in part."""
    verdicts = [line.verdict for line in document.lines]
    return Row(
        id=document.id,
        source=source,
        status=Status.PARTIAL if problems else Status.OK,
        unchanged=unchanged,
        pages=len(document.pages),
        kept=verdicts.count(Verdict.KEEP),
        dropped=verdicts.count(Verdict.DROP),
        unsure=verdicts.count(Verdict.UNSURE),
        fields=len(document.fields),
        form=_form(document.fields),
        seconds=seconds,
        problems=problems,
        figures=figures,
    )


def _form(fields: Iterable[Field]) -> tuple[tuple[str, str], ...]:
    values: dict[str, list[str]] = {}
    for field in fields:
        number = "" if field.number is None else f"{field.number} "
        values.setdefault(field.name, []).append(number + field.value)
    return tuple((name, "; ".join(some)) for name, some in values.items())


def sum_rates(rates: Iterable[Rate]) -> Rate:
    """The micro-average: summed errors over summed lengths."""
    found = tuple(rates)
    return Rate(errors=sum(r.errors for r in found), length=sum(r.length for r in found))
