"""One document in the report's index, and its page's file."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pipeline.config import Settings
from pipeline.evaluate.metrics import Counts
from pipeline.evaluate.score import Score
from pipeline.ground_truth import Truth
from pipeline.model import Document, Problem, Status, Verdict
from pipeline.report.document_data import document_data
from pipeline.report.pictures import write_pictures
from pipeline.report.rendering import to_script
from pipeline.store import make_folder, write_atomic
from pipeline.text import Level

DOCUMENTS = "documents"
PICTURES = "pictures"


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorCounts:
    """Errors of the clean text and of all that was read (``raw``), at one level."""

    cer: Counts = field(default_factory=Counts)
    wer: Counts = field(default_factory=Counts)
    raw: Counts | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One document in the index.

    ``key`` names its page (empty where there is none: the document failed). ``counts`` are
    by level, and empty without a truth; ``lost`` is true body dropped, in characters.
    """

    name: str
    key: str = ""
    status: Status = Status.OK
    pages: int = 0
    kept: int = 0
    dropped: int = 0
    unsure: int = 0
    counts: dict[Level, ErrorCounts] = field(default_factory=dict)
    lost: int | None = None
    problems: tuple[Problem, ...] = ()


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
        status=Status.PARTIAL if problems else Status.OK,
        pages=len(document.pages),
        kept=verdicts.count(Verdict.KEEP),
        dropped=verdicts.count(Verdict.DROP),
        unsure=verdicts.count(Verdict.UNSURE),
        counts={} if score is None else {level: _counts(score, level) for level in Level},
        lost=score.body_loss.dropped if score is not None and score.body_loss else None,
        problems=tuple(problems),
    )


def _counts(score: Score, level: Level) -> ErrorCounts:
    return ErrorCounts(
        cer=score.clean.scores.cer.at(level),
        wer=score.clean.scores.wer.at(level),
        raw=score.raw.scores.cer.at(level) if score.raw else None,
    )


def row_data(entry: Entry) -> list[Any]:
    """The entry as the index's script gets it: a list, to be small; see ``static/index.js``."""
    counts = [entry.counts[level] for level in Level if level in entry.counts]
    return [
        entry.name,
        entry.key,
        list(Status).index(entry.status),
        entry.pages,
        entry.kept,
        entry.dropped,
        entry.unsure,
        -1 if entry.lost is None else entry.lost,
        [[x.cer.errors, x.cer.length, x.wer.errors, x.wer.length] for x in counts],
        [x.raw.errors if x.raw else -1 for x in counts],
        "; ".join(problem.message for problem in entry.problems),
    ]
