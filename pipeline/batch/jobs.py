"""What goes to the children of a batch, and what comes back: all of it small."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, Protocol, Self

from pipeline.batch.fingerprints import Stages
from pipeline.batch.lock import WORK
from pipeline.batch.naming import Task
from pipeline.batch.results import Row
from pipeline.config import Settings
from pipeline.executors import Finished
from pipeline.model import Document, Page, Problem
from pipeline.process import PageFile, derive

PAGES = "pages"
"""Folder in :data:`~pipeline.batch.lock.WORK`: pages of documents that are not finished."""


class OpenPages(Protocol):
    """As :class:`~pipeline.process.PageFile`."""

    page_count: int
    is_text: bool

    def read(self, number: int, as_number: int | None = None) -> Page:
        """See :meth:`pipeline.process.PageFile.read`."""

    def __enter__(self) -> Self: ...

    def __exit__(self, *_: object) -> None: ...


Derive = Callable[[str, Sequence[Page], Sequence[Problem], Settings], Document]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is the same for all documents of a batch. Goes to the children: must pickle.

    ``carry``: the address through which pages go to a cluster that sees no files of ours.
    """

    out: Path
    settings: Settings
    stages: Stages
    ground_truth: Path | None = None
    truths: Mapping[str, Path] = field(default_factory=dict)
    force: bool = False
    open: Callable[[Path, Settings], OpenPages] = PageFile
    derive: Derive = derive
    carry: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What a child is to do.

    ``document``: all of ``task``, or, where it has many pages, say so. ``page``: read page
    ``page`` of the document, which is page ``page_of_file`` of file ``file``. ``finish``: make
    the document of its ``pages`` pages, all read but those in ``problems``.
    """

    kind: Literal["document", "page", "finish"]
    task: Task
    sha256: str = ""
    page: int = 0
    file: int = 0
    page_of_file: int = 0
    pages: int = 0
    problems: tuple[Problem, ...] = ()
    seconds: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A part of a volume: its row, and the bytes of its stored document."""

    row: Row
    bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What came of a job.

    ``row``: the document is finished, or failed. ``counts``: pages by file, to be read one by one;
    ``there`` are read already. ``problem``: why the page failed. ``missing``: pages that are to
    be read first. ``trace`` of an error nobody foresaw; ``stop``: the output cannot be
    written at all. ``parts``: the documents that a volume was split into.
    """

    row: Row | None = None
    sha256: str = ""
    counts: tuple[int, ...] = ()
    there: frozenset[int] = frozenset()
    problem: Problem | None = None
    missing: tuple[int, ...] = ()
    parts: tuple[Part, ...] = ()
    kept: tuple[str, ...] = ()
    seconds: float = 0.0
    trace: str = ""
    stop: str = ""


class Workers(Protocol):
    """As :class:`pipeline.executors.Crew`."""

    @property
    def broken(self) -> str:
        """Why there are no more workers, if so."""

    @property
    def free(self) -> int:
        """How many jobs may be submitted now."""

    @property
    def busy(self) -> int:
        """How many are under way."""

    def submit(self, index: int, job: Any, *, seconds: float = 0.0) -> None:
        """Start a job."""

    def wait(self, timeout: float) -> Sequence[Finished[Any]]:
        """The jobs that ended."""


def pages_folder(plan: Plan, task: Task, sha256: str) -> Path:
    """Where pages of an unfinished document lie; another one for other input or settings."""
    name = hashlib.sha256(f"{task.key} {sha256} {plan.stages.reading}".encode()).hexdigest()[:32]
    return plan.out / WORK / PAGES / name
