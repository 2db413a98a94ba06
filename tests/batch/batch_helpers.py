"""What the tests of whole batches share."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import batch_workers

from pipeline.batch import BatchResult, run_batch
from pipeline.config import BatchSettings, Settings

HERE = Settings(batch=BatchSettings(jobs=1))
TWO = Settings(batch=BatchSettings(jobs=2))


def put(folder: Path, **contents: str) -> list[Path]:
    """Input files ``folder/scans/NAME.txt`` with their contents."""
    paths = []
    for name, text in contents.items():
        path = folder / "scans" / f"{name}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        paths.append(path)
    return paths


def run(inputs: list[Path], out: Path, settings: Settings = HERE, **others: Any) -> BatchResult:
    """A batch of stand-ins: in this process with one job, in children with more."""
    others = {"inline": settings.batch.jobs == 1, **others}
    result = run_batch(
        inputs,
        out,
        settings,
        opens=batch_workers.Texts,
        derives=batch_workers.document_of,
        **others,
    )
    # Rows are fetched from the ledger when asked for; the next run may have others there.
    return replace(result, rows=tuple(result.rows))


def calls(path: Path) -> int:
    """How often the stand-in for the work was called with ``path``."""
    marks = path.with_name(path.name + ".calls")
    return len(marks.read_text()) if marks.exists() else 0


def statuses(result: BatchResult) -> dict[str, str]:
    return {row.id: str(row.status) for row in result.rows}


def leftovers(folder: Path) -> list[Path]:
    return [*folder.rglob("*.tmp"), *folder.glob("*/.depesha/pages/*")]
