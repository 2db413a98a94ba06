"""The folder of results that is worked on: documents as their editors have them, saved and listed.

Everything the page shows or does goes through here; ``web/`` only speaks HTTP.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from pipeline.config import Settings
from pipeline.errors import DepeshaError, InputMissingError
from pipeline.model import Document, Field, Layer, LineKind, Page
from pipeline.report import key_of
from pipeline.review.actions import event_of
from pipeline.review.asking import Known, Request
from pipeline.review.decisions import Event, PageState, PageStatus, Thread
from pipeline.review.edited import Row, cleanup_of, kinds_of, rows, with_rows
from pipeline.review.index import WORK_FOLDER, Entry, Index, Query
from pipeline.review.log import REVIEW_FILE, EventLog, fold, undoable
from pipeline.review.places import Decisions, decisions_for
from pipeline.review.take_in import changed_by_hand, taken_in
from pipeline.review.work import Work, work_of
from pipeline.review.worth import Asked, Worth, asked, expected_errors, worths
from pipeline.store import (
    StoredDocument,
    is_failure,
    load_error,
    load_stored,
    result_folders,
    write_texts,
)
from pipeline.transcript import TRANSCRIPT, make_texts, render

_CACHED = 64
_WEIGHTS = {Worth.FIGURE: 3.0, Worth.NAME: 2.0, Worth.REST: 1.0}
"""What a wrong word of each worth counts when the next document is chosen."""


@dataclass(frozen=True)
class View:
    """A document as it is now: the result, what is decided, and what follows from both."""

    key: str
    folder: Path
    stored: StoredDocument
    events: tuple[Event, ...]
    settings: Settings

    @cached_property
    def threads(self) -> dict[str, Thread]:
        """The state of all that was ever decided on."""
        return fold(self.events)

    @cached_property
    def kinds(self) -> tuple[LineKind, ...]:
        """The kinds of the transcript."""
        return kinds_of(self.stored.run)

    @cached_property
    def decisions(self) -> Decisions:
        """What is decided, as it applies to this result."""
        run = self.stored.run
        return decisions_for(self.stored.document, run.fingerprint, self.threads, self.kinds)

    @cached_property
    def rows(self) -> list[list[Row]]:
        """The lines of each page as the editor has them."""
        return rows(self.stored.document, self.decisions, cleanup_of(self.stored.run))

    @cached_property
    def document(self) -> Document:
        """The document as the editor has it."""
        if self.decisions.are_none:
            return self.stored.document
        return with_rows(self.stored.document, self.rows, self.decisions)

    @cached_property
    def flat(self) -> list[Row]:
        """The lines of all pages."""
        return [row for of_page in self.rows for row in of_page]

    @cached_property
    def asked(self) -> list[Asked]:
        """The words to look at, the worthiest first."""
        return asked(
            self.stored.document.id,
            self.flat,
            self.kinds,
            self.settings.output.unsure_below,
            self.settings.review.audit,
        )

    def status_of(self, page: Page) -> PageState:
        """How far a page is."""
        return self.decisions.pages.get(page.number, PageState())

    @property
    def revision(self) -> int:
        """The number of the last event; 0 where there is none."""
        return self.events[-1].number if self.events else 0

    @cached_property
    def by_hand(self) -> bool:
        """Whether a person changed the transcript's file, and it was not taken in yet."""
        return changed_by_hand(self.folder, self.events, self.stored.texts) is not None

    def undoable(self, user: str) -> tuple[bool, bool]:
        """Whether ``user`` has something to undo, and to redo."""
        done, undone = undoable(self.events, user)
        return done is not None, undone is not None


class Workspace:
    """The documents below ``out``; close it at the end.

    Raises:
        InputMissingError: the folder holds no results.
        OutputError: log or list cannot be written.

    """

    def __init__(self, out: Path, settings: Settings) -> None:
        if not out.is_dir():
            raise InputMissingError(out, "is no folder; give the folder of a run's results")
        self.out = out
        self.settings = settings
        self.folders = {key_of(_name_of(out, path)): path for path in result_folders(out)}
        if not self.folders:
            raise InputMissingError(out, "holds no results")
        self.log = EventLog(out / REVIEW_FILE)
        self.index = Index(out)
        self.pictures = out / WORK_FOLDER / "pictures"
        self._cache: OrderedDict[str, tuple[int, StoredDocument]] = OrderedDict()
        self._lock = threading.Lock()
        self._saving = threading.Lock()

    def close(self) -> None:
        """Let go of the files."""
        self.index.close()
        self.log.close()

    def view(self, key: str) -> View | None:
        """The document ``key``; ``None`` where there is none, or it failed.

        Raises:
            ResultError: its result is damaged.

        """
        folder = self.folders.get(key)
        if folder is None or is_failure(folder):
            return None
        stored = self._load(key, folder)
        events = self.log.events(stored.document.id)
        return View(key=key, folder=folder, stored=stored, events=events, settings=self.settings)

    def decide(self, key: str, request: Request, user: str) -> View | None:
        """Do what ``request`` asks for; the document as it is then. It is on the disk by then.

        Raises:
            RefusedError: it makes no sense.
            StaleError: somebody else was quicker; nothing was saved.
            OutputError: it could not be saved.

        """
        view = self.view(key)
        if view is None:
            return None
        known = Known(
            stored=view.stored,
            decisions=view.decisions,
            threads=view.threads,
            events=view.events,
            kinds=view.kinds,
            user=user,
        )
        if request.action == "take_in":
            event, seen = taken_in(view.folder, known)
        else:
            event = event_of(request, known)
            seen = request.seen
            if request.action in ("undo", "redo"):
                seen = {k: view.threads[k].revision for k in event.before if k in view.threads}
        saved = self.log.add(event, seen)
        made = replace(view, events=(*view.events, saved))
        self._list(made)
        return made

    def refresh(self) -> Iterator[tuple[int, int]]:
        """Bring the list up to date, document by document: how many are done, and of how many."""
        known = self.index.stamps()
        self.index.remove(known.keys() - self.folders.keys())
        edited = set(self.log.documents())
        for number, (key, folder) in enumerate(list(self.folders.items()), start=1):
            stamp, last = known.get(key, (-1, 0))
            stale = stamp != _stamp(folder)
            if not stale and _name_of(self.out, folder) in edited:
                events = self.log.events(_name_of(self.out, folder))
                stale = bool(events) and events[-1].number != last
            if stale:
                with suppress(DepeshaError):
                    self._refresh(key, folder)
            yield number, len(self.folders)

    def write_edited(self, key: str) -> None:
        """Write the texts of ``key`` beside its result as the editor has them.

        A transcript that a person changed and that was not taken in is left as it stands.

        Raises:
            OutputError: a file cannot be written.

        """
        view = self.view(key)
        if view is None or not view.events:
            return
        texts = make_texts(view.document, view.kinds)
        took = any(event.action == "take_in" for event in view.events)
        aside = [TRANSCRIPT] if took and not view.by_hand else []
        with self._saving:
            write_texts(view.folder, texts, aside=aside)
        self._list(replace(view))

    def edited_keys(self) -> list[str]:
        """The keys of documents that have events."""
        return [key for name in self.log.documents() if (key := key_of(name)) in self.folders]

    def next_key(self, key: str) -> str:
        """The document, other than ``key``, where work pays most; empty where none is open."""
        _, best = self.index.find(Query(status=PageStatus.OPEN, count=2))
        return next((entry.key for entry in best if entry.key != key), "")

    def _load(self, key: str, folder: Path) -> StoredDocument:
        stamp = _stamp(folder)
        with self._lock:
            found = self._cache.get(key)
            if found is not None and found[0] == stamp:
                self._cache.move_to_end(key)
                return found[1]
        stored = load_stored(folder)
        with self._lock:
            self._cache[key] = (stamp, stored)
            while len(self._cache) > _CACHED:
                self._cache.popitem(last=False)
        return stored

    def _refresh(self, key: str, folder: Path) -> None:
        if is_failure(folder):
            problems = "; ".join(problem.message for problem in load_error(folder).problems)
            name = _name_of(self.out, folder)
            entry = Entry(key=key, id=name, folder=name, stamp=_stamp(folder), status="failed",
                          failed=problems or "-")  # fmt: skip
            self.index.put(entry, {})
            return
        stored = load_stored(folder)
        events = self.log.events(stored.document.id)
        self._list(
            View(key=key, folder=folder, stored=stored, events=events, settings=self.settings)
        )

    def _list(self, view: View) -> None:
        entry = entry_of(view, _name_of(self.out, view.folder))
        pages = {
            page.number: render(replace(view.document, pages=(page,)), Layer.READING, view.kinds)
            for page in view.document.pages
        }
        self.index.put(entry, pages)


def entry_of(view: View, name: str) -> Entry:
    """The list's entry of a document."""
    words, wrong = expected_errors(view.flat, view.kinds)
    counts = dict(worths(view.asked))
    statuses = [view.status_of(page).status for page in view.stored.document.pages]
    work: Work = work_of(view.events)
    return Entry(
        key=view.key,
        id=name,
        folder=name,
        stamp=_stamp(view.folder),
        status=_status(statuses),
        pages=len(statuses),
        done=sum(status in (PageStatus.LOOKED, PageStatus.CHECKED) for status in statuses),
        words=words,
        wrong=wrong,
        figures=counts[Worth.FIGURE],
        names=counts[Worth.NAME],
        rest=counts[Worth.REST],
        audits=sum(one.audit for one in view.asked),
        gain=sum(_WEIGHTS[x.worth] * (1 - x.probability) for x in view.asked if not x.audit),
        questions=len(view.decisions.questions) + len(view.decisions.again),
        by_hand=int(view.by_hand),
        expected=view.stored.document.expected_error,
        date=_first(view.document.fields, "date"),
        sender="; ".join(
            value for name in ("origin", "signature")
            if (value := _first(view.document.fields, name).upper())
        ),
        asked=work.asked,
        missed=work.missed,
        looked=work.looked,
        changed=work.changed,
        seconds=work.seconds,
        revision=view.revision,
    )  # fmt: skip


def _status(statuses: Sequence[PageStatus]) -> str:
    for status in (PageStatus.PROBLEM, PageStatus.OPEN, PageStatus.LOOKED):
        if status in statuses:
            return status
    return PageStatus.CHECKED if statuses else PageStatus.OPEN


def _first(fields: Sequence[Field], name: str) -> str:
    return next((field.value for field in fields if field.name == name), "")


def _name_of(out: Path, folder: Path) -> str:
    """A document's id: its folder below the results; the results' own name where it is these."""
    name = folder.relative_to(out).as_posix()
    return folder.resolve().name if name == "." else name


def _stamp(folder: Path) -> int:
    with suppress(OSError):
        return folder.stat().st_mtime_ns
    return 0
