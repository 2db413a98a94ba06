"""One document in the report's index, and its page's file."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.config import Settings
from pipeline.evaluate.score import Score, ScoreCounts
from pipeline.ground_truth import Truth
from pipeline.model import Document, Finding, Problem, Status, Verdict
from pipeline.report.document_data import document_data
from pipeline.report.pictures import write_pictures
from pipeline.report.rendering import to_script
from pipeline.store import make_folder, write_atomic
from pipeline.text import Level

DOCUMENTS = "documents"
PICTURES = "pictures"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One document in the index.

    ``key`` names its page (empty where there is none: the document failed). ``counts`` are
    those of its score, ``None`` without a truth.
    """

    name: str
    key: str = ""
    status: Status = Status.OK
    pages: int = 0
    kept: int = 0
    dropped: int = 0
    unsure: int = 0
    counts: ScoreCounts | None = None
    problems: tuple[Problem, ...] = ()
    findings: tuple[Finding, ...] = ()
    expected_error: float | None = None


def key_of(name: str) -> str:
    """The name of a document's files in the report: safe in any address, the same each time."""
    return hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:12]


def write_entry(  # noqa: PLR0913 - all but three are named at the call
    folder: Path,
    name: str,
    document: Document,
    *,
    truth: Truth | None,
    score: Score | None,
    source: Path,
    settings: Settings,
    problems: Sequence[Problem] = (),
) -> Entry:
    """Write the page of ``document`` into the report in ``folder``; gives its entry.

    ``source`` is the file that the document was made from, for its pictures.

    Raises:
        OutputError: a file cannot be written.
        TruthError: the true text of a line of the compared kinds is not known.

    """
    key = key_of(name)
    pictures = write_pictures(
        document,
        source,
        folder / PICTURES,
        key,
        width=settings.report.picture_width,
        settings=settings.input,
    )
    data = document_data(
        document,
        truth,
        score,
        pictures=pictures,
        problems=problems,
        source=str(source),
        shown=settings.output.kinds,
    )
    make_folder(folder / DOCUMENTS)
    write_atomic(folder / DOCUMENTS / f"{key}.js", to_script("show", data | {"id": name}))
    return entry_of(name, document, score, problems)


def entry_of(
    name: str, document: Document, score: Score | None, problems: Sequence[Problem] = ()
) -> Entry:
    """The entry alone, without writing a page."""
    verdicts = [line.verdict for line in document.lines]
    return Entry(
        name=name,
        key=key_of(name),
        status=Status.PARTIAL if problems else document.status,
        expected_error=document.expected_error,
        findings=tuple(finding for page in document.pages for finding in page.findings),
        pages=len(document.pages),
        kept=verdicts.count(Verdict.KEEP),
        dropped=verdicts.count(Verdict.DROP),
        unsure=verdicts.count(Verdict.UNSURE),
        counts=None if score is None else ScoreCounts.of(score),
        problems=tuple(problems),
    )


def row_data(entry: Entry) -> list[Any]:
    """The entry as the index's script gets it: a list, to be small; see ``static/index.js``."""
    counts = entry.counts
    clean = [(counts.clean.cer.at(x), counts.clean.wer.at(x)) for x in Level] if counts else []
    raw = counts.raw.cer if counts and counts.raw else None
    return [
        entry.name,
        entry.key,
        list(Status).index(entry.status),
        entry.pages,
        entry.kept,
        entry.dropped,
        entry.unsure,
        counts.body_loss.dropped if counts and counts.body_loss else -1,
        [[cer.errors, cer.length, wer.errors, wer.length] for cer, wer in clean],
        [raw.at(level).errors if raw else -1 for level in Level] if counts else [],
        [
            *([problem.message] for problem in entry.problems),
            *([finding.message, finding.advice] for finding in entry.findings),
        ],
        -1 if entry.expected_error is None else entry.expected_error,
    ]
