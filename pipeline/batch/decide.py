"""What a run has to do: found, named, and held against what the ledger knows."""

from __future__ import annotations

import logging
import os
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.batch.collection import read_row, row_json
from pipeline.batch.jobs import Plan
from pipeline.batch.ledger import Ledger
from pipeline.batch.naming import candidates, folded, path_key, register
from pipeline.batch.results import CAUSES, Row, make_row, row_of_parts
from pipeline.errors import DepeshaError, ExitCode, ResultError
from pipeline.evaluate.pairs import truths_of
from pipeline.executors import Interrupts
from pipeline.scans import Found, LeftOut, survey
from pipeline.store import DOCUMENT_FILE, VOLUME_FILE, RunInfo, load_stored, result_folders
from pipeline.transcript import TEXT_FILES

_SET_ASIDE = frozenset((ExitCode.PAGE_LIMIT.name, ExitCode.WORKER_LOST.name))
"""Causes that cost too much to be tried in every run: only where something changed."""

_log = logging.getLogger("depesha")


@dataclass(slots=True, kw_only=True)
class Work:
    """What there is to do: documents (and pages, as far as they were counted before) by kind.

    ``read``: no reading of them is known that still holds. ``derive``: they are made anew
    from what was read. ``look``: only their scores, or results that stand but were not booked.
    """

    documents: int = 0
    unchanged: int = 0
    read: int = 0
    derive: int = 0
    look: int = 0
    pages: Counter[str] = field(default_factory=Counter)
    truths: dict[str, Path] = field(default_factory=dict)
    errors: list[DepeshaError] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    left_out_counts: Counter[str] = field(default_factory=Counter)

    @property
    def to_do(self) -> int:
        """Documents that a job must look at."""
        return self.read + self.derive + self.look


def find_work(
    ledger: Ledger, plan: Plan, inputs: Sequence[Path], run: int, interrupts: Interrupts
) -> Work:
    """Find and name all documents of ``inputs``; those that need a job are waiting then."""
    work = Work()

    def found() -> Iterator[Found]:
        for item in survey(inputs, plan.settings.input, plan.out):
            if interrupts.count:
                return
            if isinstance(item, Found):
                yield item
            elif isinstance(item, LeftOut):
                _leave_out(ledger, work, item, run)
            else:
                work.errors.append(item)

    work.documents = register(ledger, candidates(found(), plan.settings.batch.group), run)
    if not interrupts.count:
        _mark_gone(ledger, inputs, work, run)
        _decide(ledger, plan, work, run)
    return work


def rebuild(ledger: Ledger, out: Path) -> int:
    """Fill a new ledger from the results that stand in ``out``; how many there are."""
    count = 0
    volumes: dict[int, str] = {}
    for folder in result_folders(out):
        with suppress(ResultError):
            stored = load_stored(folder)
            name = folder.relative_to(out).as_posix()
            row = make_row(
                stored.document,
                source=stored.run.source,
                unchanged=True,
                seconds=stored.run.seconds,
                counts=None,
                problems=stored.document.problems,
            )
            number = _numbered(ledger, stored.run.part_of or name, stored.run)
            size = (folder / DOCUMENT_FILE).stat().st_size
            if stored.run.part_of:
                volumes[number] = stored.run.part_of
                place = len(list(ledger.all("SELECT 1 FROM parts WHERE number=?", [number]))) + 1
                ledger.do(
                    "INSERT INTO parts(number, place, id, row, bytes) VALUES(?, ?, ?, ?, ?)",
                    (number, place, name, row_json(row), size),
                )
            else:
                _set_row(ledger, number, row, result_bytes=size)
            count += 1
    for number, name in volumes.items():
        found = list(
            ledger.all("SELECT row, bytes FROM parts WHERE number=? ORDER BY place", [number])
        )
        rows = [read_row(text) for text, _ in found]
        whole = row_of_parts(
            name,
            rows,
            pages=sum(row.pages for row in rows),
            seconds=sum(row.seconds for row in rows),
        )
        sizes = sum(size for _, size in found)
        _set_row(ledger, number, whole, result_bytes=sizes, parts=len(rows))
    return count


def _numbered(ledger: Ledger, name: str, run: RunInfo) -> int:
    """The number of the document ``name``, written into the ledger where it was not known."""
    path = os.path.abspath(run.source)  # noqa: PTH100 - links are not followed
    # Named from elsewhere then: where it is now is not known, its key is.
    at = path if path_key(path) == run.source_key else ""
    ledger.do(
        "INSERT OR IGNORE INTO documents(id, folded, key, path, source, state, sha256) "
        "VALUES(?, ?, ?, ?, ?, 'done', ?)",
        (name, folded(name), run.source_key, at, run.source, run.input_sha256),
    )
    found = ledger.one("SELECT number FROM documents WHERE key=?", [run.source_key])
    return int(found[0]) if found else 0


def _set_row(ledger: Ledger, number: int, row: Row, **values: int) -> None:
    ledger.set(
        number,
        status=str(row.status),
        pages=row.pages,
        seconds=row.seconds,
        expected_error=row.expected_error,
        **values,
    )
    ledger.set_row(number, row_json(row))


def _leave_out(ledger: Ledger, work: Work, item: LeftOut, run: int) -> None:
    work.left_out_counts[item.reason] += 1
    if len(work.left_out) < CAUSES:
        work.left_out.append(item)
    ledger.do(
        "INSERT OR REPLACE INTO left_out VALUES(?, ?, ?, ?)",
        (item.path, item.reason, item.kind, run),
    )


def _mark_gone(ledger: Ledger, inputs: Sequence[Path], work: Work, run: int) -> None:
    """Mark documents that stood below the inputs and were not found this time."""
    for path in inputs:
        at = os.path.abspath(path)  # noqa: PTH100 - links are not followed
        below = at.rstrip(os.sep) + os.sep
        if path.is_dir():
            ledger.do(
                "UPDATE documents SET gone=1 WHERE path>=? AND path<? AND seen_run IS NOT ?",
                (below, below[:-1] + chr(ord(os.sep) + 1), run),
            )
        elif not path.exists():
            ledger.do("UPDATE documents SET gone=1 WHERE path=?", [at])
    for error in work.errors:
        # What may not be read may well be there.
        at = os.path.abspath(error.subject)  # noqa: PTH100
        if Path(at).exists():
            below = at.rstrip(os.sep) + os.sep
            ledger.do(
                "UPDATE documents SET gone=0 WHERE path>=? AND path<?",
                (below, below[:-1] + chr(ord(os.sep) + 1)),
            )
    ledger.do(
        "UPDATE documents SET state='gone' WHERE state='waiting' AND gone=1 AND made_run IS NULL"
    )


def _decide(ledger: Ledger, plan: Plan, work: Work, run: int) -> None:
    if plan.ground_truth is not None:
        ids = [str(x) for (x,) in ledger.all("SELECT id FROM documents WHERE seen_run=?", [run])]
        work.truths, said = truths_of(ids, plan.ground_truth)
        # Which parts a volume has, and so whose the truths are, is not known yet.
        for line in said if work.truths or not plan.settings.output.split else ():
            _log.warning("%s", line)
    waiting: list[tuple[int]] = []
    rows = ledger.all(
        "SELECT number, id, state, code, found, signature, reading, derived, sha256, "
        "result_bytes, scored, parts, pages FROM documents WHERE seen_run=? ORDER BY position",
        [run],
    )
    for number, name, state, code, found, signature, *known, scored, parts, pages in rows:
        reading, derived, sha256, size = known
        same = found == signature and not plan.force
        current = same and derived == plan.stages.derived
        wants_score = plan.ground_truth is not None and (scored or parts or name in work.truths)
        if current and state == "failed" and code in _SET_ASIDE:
            kind = "unchanged"
        elif state == "done" and current and _stands(ledger, plan, number, name, size, parts):
            looks = wants_score or plan.settings.batch.check_contents
            kind = "look" if looks else "unchanged"
        elif same and reading == plan.stages.reading and size and sha256:
            kind = "derive"
        else:
            kind = "read"
        setattr(work, kind, getattr(work, kind) + 1)
        work.pages[kind] += pages or 0
        if kind != "unchanged":
            waiting.append((number,))
    ledger.db.executemany("UPDATE documents SET state='waiting' WHERE number=?", waiting)


def _stands(ledger: Ledger, plan: Plan, number: int, name: str, size: int, parts: int) -> bool:
    if not parts:
        return _is_there(plan.out / name, size)
    found = list(ledger.all("SELECT id, bytes FROM parts WHERE number=?", [number]))
    whole = (plan.out / name / VOLUME_FILE).is_file() and len(found) == parts
    return whole and all(_is_there(plan.out / part, bytes_) for part, bytes_ in found)


def _is_there(folder: Path, size: int) -> bool:
    """Whether the result that was booked stands in ``folder``: its size, and all its texts."""
    at = str(folder)
    try:
        if os.stat(f"{at}/{DOCUMENT_FILE}").st_size != size:  # noqa: PTH116 - many, and fast
            return False
        return all(os.path.isfile(f"{at}/{name}") for name in TEXT_FILES)  # noqa: PTH113
    except OSError:
        return False
