"""``depesha run``: many documents into an output folder, with a summary and a report."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from rich.console import Console

from pipeline.batch import BatchResult, print_result, progress_bar, run_batch, summary_data
from pipeline.batch.executors import Interrupts
from pipeline.commands.evaluate import REPORT
from pipeline.commands.reporting import make_documents, with_bar
from pipeline.commands.scoring import interval, score
from pipeline.config import Settings, flatten
from pipeline.errors import ExitCode, TruthError
from pipeline.evaluate.summary import Tally
from pipeline.model import Status
from pipeline.ocr import provenance
from pipeline.process import process_file
from pipeline.report import Entry, IndexContent, write_index
from pipeline.scans import discover
from pipeline.store import to_json
from pipeline.text import Level


def run(options: argparse.Namespace, settings: Settings) -> ExitCode:
    """Transcribe the inputs; the table (or ``--json``) on stdout, all else on stderr."""
    truth = options.ground_truth
    if truth is not None and not truth.is_dir():
        raise TruthError(truth, "is not a folder of ground truths (STEM.gt.txt, STEM.gt.json)")
    files, errors = discover(options.inputs)
    with progress_bar(Console(stderr=True)) as progress:
        result = run_batch(
            files,
            errors,
            options.out,
            settings,
            work=process_file,
            provenance=provenance(settings.ocr),
            ground_truth=truth,
            score=score,
            interval=interval,
            force=options.force,
            progress=progress,
        )
    if options.json:
        sys.stdout.write(to_json(summary_data(result, interval)))
    else:
        # Off a terminal rich would fold the table to 80 columns.
        wide = None if sys.stdout.isatty() else 140
        print_result(result, Console(width=wide))
    if settings.report.write and not result.interrupted:
        path = _report(result, truth, settings)
        sys.stderr.write(f"depesha: report: {path}\n")
    return result.exit_code


def _report(result: BatchResult, truth: Path | None, settings: Settings) -> Path:
    """The report of a finished batch, from what it stored."""
    folder = result.out / REPORT
    done = [row for row in result.rows if row.status is not Status.FAILED]
    failed = [
        Entry(name=row.id, status=row.status, problems=row.problems)
        for row in result.rows
        if row.status is Status.FAILED
    ]
    entries, problems, tally = list[Entry](), [], Tally()
    with Interrupts() as interrupts:
        paths = [result.out / row.id for row in done]
        documents = make_documents(paths, folder, truth, settings, interrupts)
        for made in with_bar(documents, len(paths), "Report"):
            if made.entry is not None:
                entries.append(made.entry)
            if made.score is not None:
                tally.add(made.score)
            if made.problem is not None:
                problems.append(made.problem)
    content = IndexContent(
        title=result.out.resolve().name,
        entries=[*entries, *failed],
        summary=tally.summary() if tally.documents else None,
        level=Level.READING,
        problems=problems,
        settings=flatten(settings),
        versions=result.versions,
    )
    return write_index(folder, content, settings.report.language)
