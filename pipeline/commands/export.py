"""``depesha export``: stored results as files for others."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from pipeline.commands.escapes import counted, printable
from pipeline.commands.terminal import progress_bar
from pipeline.config import Settings
from pipeline.errors import ExitCode, InputMissingError, UsageError
from pipeline.export import ExportResult, Options, Order, export_one_file, export_results
from pipeline.export.formats import FORMATS, Format
from pipeline.store import to_json

FAILURES_SHOWN = 20


def export(options: argparse.Namespace, settings: Settings) -> ExitCode:
    """Export a folder of results; what was made on stdout, failures on stderr."""
    results: Path = options.result
    if not results.is_dir():
        raise InputMissingError(results, "is not a folder of results")
    if options.scans is not None and not options.scans.is_dir():
        raise InputMissingError(options.scans, "is not a folder of scans")
    choices = Options(
        layer=options.layer,
        kinds=settings.output.kinds if options.kinds is not None else None,
        text_kinds=settings.output.kinds,
        doubt_below=settings.output.unsure_below,
        line_numbers=options.line_numbers,
    )
    if options.line_numbers and not {"txt", "md"} & set(options.to.split(",")):
        raise UsageError("--line-numbers", "are for txt and md")
    started = time.monotonic()
    order = Order(
        results=results,
        formats=options.to.split(","),
        options=choices,
        out=options.out,
        metadata=options.metadata,
        jobs=settings.batch.jobs,
        force=options.force,
        scans=options.scans,
    )
    with progress_bar(Console(stderr=True)) as progress:
        work = export_one_file if options.one_file else export_results
        done = work(order, progress)
    if not done.documents:
        raise InputMissingError(results, "holds no results")
    if options.json:
        sys.stdout.write(to_json(summary(done)))
    else:
        sys.stdout.write(in_words(done, time.monotonic() - started))
    tell_failures(done)
    return done.exit_code


def export_run(
    out: Path, formats: Sequence[Format], settings: Settings, names: frozenset[str]
) -> ExportResult:
    """Export the documents ``names`` of a run that just ended, and tell of it on stderr."""
    choices = Options(text_kinds=settings.output.kinds, doubt_below=settings.output.unsure_below)
    order = Order(
        results=out,
        formats=[one.name for one in formats],
        options=choices,
        jobs=settings.batch.jobs,
        only=names,
    )
    started = time.monotonic()
    with progress_bar(Console(stderr=True), "Exports") as progress:
        done = export_results(order, progress)
    sys.stderr.write(in_words(done, time.monotonic() - started))
    tell_failures(done)
    return done


def in_words(done: ExportResult, seconds: float) -> str:
    """A line for each format, and where the files are."""
    rows = []
    for name in FORMATS:
        made, same, none = done.made[name], done.unchanged[name], done.without_scan[name]
        if made or same or none:
            row = f"{name}: {counted(made, 'file')}, {done.bytes[name] / 1e6:.1f} MB"
            row += f"; {same} unchanged" if same else ""
            row += f"; no scan to show of {none} that came as text" if none else ""
            rows.append(row + "\n")
    count = counted(done.documents, "document")
    return "".join(rows) + f"{count} in {seconds:.1f} seconds; look in {printable(str(done.out))}\n"


def tell_failures(done: ExportResult) -> None:
    """What failed, by name, on stderr."""
    lines = [
        f"depesha: {printable(f'{one.document} ({one.format})' if one.format else one.document)}: "
        f"{printable(one.message)}"
        for one in done.failed
    ]
    if done.not_read:
        names = ", ".join(done.not_read[:5]) + (" ..." if len(done.not_read) > 5 else "")
        lines.append(
            f"depesha: {len(done.not_read)} failed in the run and have nothing to export: "
            f"{printable(names)}"
        )
    if done.unused:
        names = ", ".join(done.unused[:5]) + (" ..." if len(done.unused) > 5 else "")
        lines.append(
            f"depesha: {len(done.unused)} rows of the metadata are of no document: "
            f"{printable(names)}"
        )
    if done.interrupted:
        lines.append("depesha: interrupted; the same command goes on")
    left = len(lines) - FAILURES_SHOWN
    shown = lines[:FAILURES_SHOWN] + ([f"depesha: and {left} more"] if left > 0 else [])
    sys.stderr.write("".join(line + "\n" for line in shown))


def summary(done: ExportResult) -> dict[str, object]:
    """The same as JSON."""
    return {
        "out": str(done.out),
        "documents": done.documents,
        "formats": {
            name: {
                "files": done.made[name],
                "bytes": done.bytes[name],
                "unchanged": done.unchanged[name],
                "without_scan": done.without_scan[name],
            }
            for name in FORMATS
            if done.made[name] or done.unchanged[name] or done.without_scan[name]
        },
        "not_read": done.not_read,
        "failed": [
            {
                "document": one.document,
                "format": one.format,
                "code": one.code.name,
                "message": one.message,
            }
            for one in done.failed
        ],
        "unused_metadata": list(done.unused),
        "interrupted": done.interrupted,
    }
