"""``depesha status``: how far a collection is, what failed and why, and what its runs did."""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator, Sequence
from typing import Any

from pipeline.batch.ledger import LEDGER_FILE, Ledger, Tally
from pipeline.batch.lock import helpers, holder, is_held
from pipeline.commands.escapes import counted, printable, put
from pipeline.config import Settings
from pipeline.errors import ExitCode, ResultError
from pipeline.store import to_json

_RUNS = 10
_RUN_FIELDS = (
    "id", "started", "ended", "state", "host", "pid", "version", "documents", "unchanged", "failed",
    "pages", "cause",
)  # fmt: skip


def status(options: argparse.Namespace, _: Settings) -> ExitCode:
    """Print the state of the collection in ``options.out``, from its ledger alone."""
    with Ledger(options.out / LEDGER_FILE, write=False) as ledger:
        if options.of is not None:
            known = _document(ledger, options.of)
            put(to_json(known) if options.json else "".join(line + "\n" for line in _told(known)))
            return ExitCode.OK
        tallies = ledger.tallies()
        split = ledger.one("SELECT count(*), sum(parts) FROM documents WHERE parts>0")
        runs = [
            dict(zip(_RUN_FIELDS, row, strict=True))
            for row in ledger.all(
                f"SELECT {', '.join(_RUN_FIELDS)} FROM runs ORDER BY id DESC LIMIT {_RUNS}"  # noqa: S608
            )
        ]
    running = holder(options.out) if is_held(options.out) else ""
    if running and (count := helpers(options.out)):
        running += f", helped by {counted(count, 'other run')}"
    data = _data(tallies, runs, running)
    data["volumes"], data["parts"] = (count or 0 for count in split or (0, 0))
    put(to_json(data) if options.json else "".join(line + "\n" for line in _lines(data)))
    return ExitCode.OK


def _document(ledger: Ledger, name: str) -> dict[str, Any]:
    """What the ledger knows of a document: itself, its parts, its pages where it has several."""
    found = _rows(ledger, "SELECT * FROM documents WHERE id=?", name)
    if not found:
        raise ResultError(ledger.path, f"knows no document {name}")
    number = found[0]["number"]
    parts = _rows(ledger, "SELECT place, id, bytes FROM parts WHERE number=? ORDER BY 1", number)
    pages = _rows(ledger, "SELECT * FROM pages WHERE number=? ORDER BY page", number)
    for page in pages:
        del page["number"]
    return {
        "schema": "depesha/status-of",
        "version": 1,
        **found[0],
        "parts": parts,
        "of_pages": pages,
    }


def _rows(ledger: Ledger, statement: str, value: object) -> list[dict[str, Any]]:
    names = [column[0] for column in ledger.do(statement, [value]).description]
    return [dict(zip(names, row, strict=True)) for row in ledger.all(statement, [value])]


def _told(known: dict[str, Any]) -> Iterator[str]:
    for name, value in known.items():
        if not isinstance(value, list) and value not in (None, ""):
            yield f"{name:15} {printable(str(value))}"
    for part in known["parts"]:
        yield f"part            {printable(str(part['id']))}"
    for page in known["of_pages"]:
        words = f"{page['state']}, {page['attempts']} tries, {page['seconds']:.1f} s"
        cause = f": {page['code']}: {printable(page['cause'])}" if page["code"] else ""
        yield f"page {page['page']:<10} {words}, {page['peak'] / 1e6:.0f} MB{cause}"


def _data(tallies: Sequence[Tally], runs: Sequence[dict[str, Any]], running: str) -> dict[str, Any]:
    def count(*states: str) -> int:
        return sum(x.documents for x in tallies if x.state in states)

    causes: dict[str, int] = {}
    for tally in tallies:
        if tally.code:
            causes[tally.code] = causes.get(tally.code, 0) + tally.documents
    return {
        "schema": "depesha/status",
        "version": 1,
        "running": running,
        "documents": {
            "total": sum(x.documents for x in tallies),
            "done": count("done"),
            "failed": count("failed"),
            "waiting": count("waiting"),
            "gone": sum(x.documents for x in tallies if x.gone),
            "partial": sum(x.documents for x in tallies if x.status == "partial"),
            "check": sum(x.documents for x in tallies if x.status == "check"),
        },
        "causes": dict(sorted(causes.items(), key=lambda x: -x[1])),
        "pages": sum(x.pages for x in tallies),
        "result_bytes": sum(x.bytes for x in tallies),
        "pages_an_hour": _pages_an_hour(runs),
        "runs": runs,
    }


def _pages_an_hour(runs: Sequence[dict[str, Any]]) -> float | None:
    """Of the last run that read any."""
    for run in runs:
        if run["pages"] and run["ended"] and run["ended"] > run["started"]:
            return float(run["pages"] / (run["ended"] - run["started"]) * 3600)
    return None


def _lines(data: dict[str, Any]) -> Iterator[str]:
    documents = data["documents"]
    if data["running"]:
        yield f"a run is at work: {printable(data['running'])}"
    yield f"{counted(documents['total'], 'document')}, {counted(data['pages'], 'page')}"
    for name in ("done", "partial", "check", "failed", "waiting", "gone"):
        if documents[name] or name == "done":
            yield f"{documents[name]:>9} {name}{_NOTES.get(name, '')}"
    if data["volumes"]:
        yield f"{data['volumes']:>9} of them split, into {data['parts']}"
    for code, count in data["causes"].items():
        yield f"{count:>9} {code}"
    yield f"{data['result_bytes'] / 1e6:>9.1f} MB of stored documents"
    if data["pages_an_hour"] is not None:
        yield f"{data['pages_an_hour']:>9.0f} pages an hour in the last run that read any"
    for run in data["runs"]:
        started = time.strftime("%Y-%m-%d %H:%M", time.localtime(run["started"]))
        took = f"{run['ended'] - run['started']:.0f} s" if run["ended"] else "-"
        count, pages = counted(run["documents"], "document"), counted(run["pages"], "page")
        yield (
            f"run {run['id']}: {started}, {took}, {run['state']}, {count}, "
            f"{run['unchanged']} unchanged, {run['failed']} failed, {pages} read"
            + (f": {printable(run['cause'])}" if run["cause"] else "")
        )


_NOTES = {
    "partial": " of them (a page failed)",
    "check": " of them (look at a page)",
    "gone": " (the source is not there any more; depesha prune removes their results)",
}
