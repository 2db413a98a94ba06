"""``depesha run``: many documents into an output folder, with a summary."""

from __future__ import annotations

import argparse
import sys

from rich.console import Console

from pipeline.batch import print_result, progress_bar, run_batch, summary_data
from pipeline.commands.scoring import interval, score
from pipeline.config import Settings
from pipeline.errors import ExitCode, TruthError
from pipeline.ocr import provenance
from pipeline.process import process_file
from pipeline.scans import discover
from pipeline.store import to_json


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
    return result.exit_code
