"""The report of a whole collection: pages of what changed, an index of everything."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from rich.console import Console

from pipeline import report as report_room
from pipeline.batch import BatchResult, Row
from pipeline.batch.collection import rows_of
from pipeline.batch.ledger import LEDGER_FILE, Ledger
from pipeline.commands.terminal import progress_bar
from pipeline.config import Settings, flatten
from pipeline.errors import TruthError
from pipeline.evaluate.pairs import find_truths, truths_of
from pipeline.evaluate.summary import Tally
from pipeline.executors import Interrupts
from pipeline.model import Problem, Status
from pipeline.report import REPORT, Entry, IndexContent, PageJob, write_documents, write_index
from pipeline.report.entry import DOCUMENTS, key_of
from pipeline.store import files_digest
from pipeline.text import Level

_AT_ONCE = 2000
"""Pages written between two looks at the ledger."""


def write_report(result: BatchResult, truth: Path | None, settings: Settings) -> Path:
    """Write what changed of the report in the results' folder; the path of its index."""
    folder = result.out / REPORT
    tally = Tally()
    problems: list[Problem] = []
    made_as = _made_as(settings)
    failed: set[str] = set()
    with Ledger(result.out / LEDGER_FILE) as ledger:
        stale = list(_stale(ledger, folder, made_as))
        truths: dict[str, Path] = {}
        if truth is not None:
            ids = [str(x) for (x,) in ledger.all("SELECT id FROM documents")]
            truths, _ = truths_of(ids, truth)
            truths |= _truths_of_parts(ledger, truth)
        bar = progress_bar(Console(stderr=True), "Report")
        with Interrupts() as interrupts, bar as progress:
            for start in range(0, len(stale), _AT_ONCE):
                part = stale[start : start + _AT_ONCE]
                jobs = [
                    PageJob(name=x, result=result.out / x, truth=truths.get(x)) for *_, x in part
                ]
                written = write_documents(folder, jobs, settings, interrupts, progress)
                ledger.begin()
                for (number, place, name), made in zip(part, written, strict=False):
                    if made.score is not None:
                        tally.add(made.score)
                    if made.problem is not None:
                        problems.append(made.problem)
                        failed.add(name)
                    else:
                        _mark(ledger, number, place, made_as)
                ledger.commit()
        rows = rows_of(ledger, "state<>'waiting'", "documents.number")
        entries = [entry_of(row, failed) for row, _, _ in rows]
    refused = [row for row in result.rows if row.status is Status.FAILED and row.id == row.source]
    content = IndexContent(
        title=result.out.resolve().name,
        entries=[*entries, *(entry_of(row, failed) for row in refused)],
        summary=tally.summary() if tally.documents else None,
        level=Level.READING,
        problems=problems,
        settings=flatten(settings),
        versions=result.versions,
    )
    return write_index(folder, content, settings.report.language)


def _stale(ledger: Ledger, folder: Path, made_as: str) -> Iterator[tuple[int, int, str]]:
    """Documents whose page is missing or older than they are; all with a truth.

    By number, place (of a part of a volume; else 0) and id.
    """
    found = ledger.all(
        "SELECT number, 0, id, reported, scored FROM documents WHERE state='done' AND parts=0 "
        "UNION ALL SELECT number, place, parts.id, parts.reported, scored FROM parts "
        "JOIN documents USING(number) WHERE state='done' ORDER BY number, 2"
    )
    for number, place, name, reported, scored in found:
        page = folder / DOCUMENTS / f"{key_of(name)}.js"
        if scored or reported != made_as or not page.exists():
            yield number, place, name


def _mark(ledger: Ledger, number: int, place: int, made_as: str) -> None:
    if place:
        ledger.do(
            "UPDATE parts SET reported=? WHERE number=? AND place=?", (made_as, number, place)
        )
    else:
        ledger.set(number, reported=made_as)


def _truths_of_parts(ledger: Ledger, folder: Path) -> dict[str, Path]:
    """Those of parts of volumes stand under their whole ids."""
    names = {str(name) for (name,) in ledger.all("SELECT id FROM parts")}
    with suppress(TruthError):
        return {name: path for name, path in find_truths(folder).items() if name in names}
    return {}


def _made_as(settings: Settings) -> str:
    """A digest of what decides how a page looks: the report's code and settings."""
    package = Path(str(report_room.__file__)).parent
    paths = [
        path for path in sorted(package.rglob("*")) if path.is_file() and path.suffix != ".pyc"
    ]
    told = [pair for pair in flatten(settings) if pair[0].startswith(("report.", "output."))]
    data = f"{files_digest(package, paths)} {told}"
    return hashlib.sha256(data.encode()).hexdigest()[:16]


def entry_of(row: Row, without_page: Sequence[str] | set[str]) -> Entry:
    """The index's entry of ``row``; it leads nowhere where its id is in ``without_page``."""
    done = row.status is not Status.FAILED and row.id not in without_page
    return Entry(
        name=row.id,
        key=key_of(row.id) if done else "",
        status=row.status,
        pages=row.pages,
        kept=row.kept,
        dropped=row.dropped,
        unsure=row.unsure,
        counts=row.counts,
        problems=row.problems,
        findings=tuple(finding for _, finding in row.findings),
        expected_error=row.expected_error,
    )
