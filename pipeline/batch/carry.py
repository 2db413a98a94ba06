"""Pages to cluster workers that share no file system, and back: bytes through fsspec.

Only reading goes to the cluster then. What must see the collection (opening a file, making a
document of pages that were read) is done where the coordinator is, in children of its own; so
results are written by one machine, and are what they would be without a cluster. A file is laid
into the store (``file://``, ``s3://``, whatever fsspec knows) when it was opened, a worker takes it
from there, and leaves the page as it was read, compressed JSON, nothing that could be executed.
"""

from __future__ import annotations

import atexit
import hashlib
import os
import shutil
import tempfile
import time
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any

from pipeline.batch.jobs import Done, Job, Plan, Workers, pages_folder
from pipeline.batch.outcome import as_problem
from pipeline.batch.task import PAGE_END, do_job, packed
from pipeline.errors import ClusterError, DependencyMissingError, DepeshaError
from pipeline.executors import Finished
from pipeline.store import make_folder, write_together

_LOCAL = "depesha-carry-"
"""How folders begin that hold files which were fetched; the number of the process follows."""

_HERE = ("document", "finish")
"""Kinds of jobs for the coordinator's own children."""


def own_place(url: str, out: Path) -> str:
    """Where, below ``url``, files and pages of the collection ``out`` lie; empty without it."""
    name = hashlib.sha256(os.fsencode(os.path.realpath(out))).hexdigest()[:16]
    return f"{url.rstrip('/')}/{name}" if url else ""


class Store:
    """The place ``url`` where files and pages of a collection lie for a while.

    Raises:
        DependencyMissingError: fsspec, or what it needs for such an address, is not installed.
        ClusterError: there is no such place, or it does not answer.

    """

    def __init__(self, url: str) -> None:
        self._url = url
        try:
            fsspec: Any = import_module("fsspec.core")
            self._system, root = fsspec.url_to_fs(url)
        except ImportError as error:
            raise DependencyMissingError(
                "batch.carry", f"cannot be used: {error}; pip install 'depesha[cluster]' s3fs"
            ) from error
        except Exception as error:
            raise self._fault(error) from error
        self._root = root.rstrip("/")

    def put(self, name: str, data: bytes | Path) -> None:
        """Lay ``data``, or the file of that path, into the store as ``name``."""
        path = f"{self._root}/{name}"
        try:
            self._system.makedirs(path.rpartition("/")[0], exist_ok=True)
            if isinstance(data, bytes):
                self._system.pipe_file(path, data)
            else:
                self._system.put_file(os.fspath(data), path)
        except Exception as error:  # each of fsspec's file systems has errors of its own
            raise self._fault(error) from error

    def get(self, name: str) -> bytes | None:
        """What lies there as ``name``, if it does."""
        try:
            return bytes(self._system.cat_file(f"{self._root}/{name}"))
        except FileNotFoundError:
            return None
        except Exception as error:
            raise self._fault(error) from error

    def fetch(self, name: str, path: Path) -> None:
        """Write what lies there as ``name`` into the file ``path``."""
        try:
            self._system.get_file(f"{self._root}/{name}", os.fspath(path))
        except Exception as error:
            raise self._fault(error) from error

    def names(self, folder: str) -> set[str]:
        """Names of what lies in ``folder``."""
        try:
            self._system.invalidate_cache()
            found = self._system.ls(f"{self._root}/{folder}", detail=False)
        except FileNotFoundError:
            return set()
        except Exception as error:
            raise self._fault(error) from error
        return {str(path).rstrip("/").rpartition("/")[2] for path in found}

    def remove(self, folder: str = "") -> None:
        """Remove ``folder``, or all of this collection; silent where it is gone."""
        with suppress(Exception):
            self._system.invalidate_cache()
            self._system.rm(f"{self._root}/{folder}".rstrip("/"), recursive=True)

    def _fault(self, error: Exception) -> ClusterError:
        return ClusterError(self._url, f"does not do what batch.carry needs: {error!r}")


class Carried:
    """Two crews as one: the coordinator's own children, and the cluster for pages.

    As :class:`pipeline.executors.Crew`.
    """

    def __init__(self, own: Workers, cluster: Workers) -> None:
        self._own = own
        self._cluster = cluster
        self._waiting: deque[tuple[int, Job, float]] = deque()
        self._pages: deque[tuple[int, Job, float]] = deque()

    @property
    def broken(self) -> str:
        """Why there are no more workers, if so."""
        return self._cluster.broken or self._own.broken

    @property
    def free(self) -> int:
        """How many jobs may be submitted now: no more pages wait here than the cluster does."""
        if len(self._pages) > self._cluster.busy:
            return 0
        return max(0, self._own.free - len(self._waiting))

    @property
    def busy(self) -> int:
        """How many jobs are under way."""
        here, there = len(self._waiting), len(self._pages)
        return self._own.busy + self._cluster.busy + here + there

    def submit(self, index: int, job: Job, *, seconds: float = 0.0) -> None:
        """Start a job where it belongs, as soon as somebody there is free."""
        (self._waiting if job.kind in _HERE else self._pages).append((index, job, seconds))
        self._hand_out()

    def wait(self, timeout: float) -> Sequence[Finished[Done]]:
        """The jobs that ended."""
        ended = list(self._own.wait(timeout / 2))
        if self._cluster.busy:
            ended += self._cluster.wait(0.0 if ended else timeout / 2)
        self._hand_out()
        return ended

    def _hand_out(self) -> None:
        for crew, some in ((self._own, self._waiting), (self._cluster, self._pages)):
            while some and crew.free > 0:
                index, job, seconds = some.popleft()
                crew.submit(index, job, seconds=seconds)


def do_here(plan: Plan, job: Job) -> Done:
    """A job of the coordinator's machine: files go out, pages that were read come back."""
    try:
        store = Store(plan.carry)
        if job.kind == "finish":
            _bring_back(plan, store, job)
        done = do_job(plan, job)
        task = job.task
        folder = pages_folder(plan, task, done.sha256 or job.sha256).name
        if done.counts:
            there = _numbers(store.names(f"pages/{folder}"))
            done = replace(done, there=done.there | (there & set(range(1, sum(done.counts) + 1))))
            if len(done.there) < sum(done.counts):
                for number, path in enumerate(task.files):
                    store.put(f"in/{folder}/{number}", Path(path))
        elif job.kind == "finish" and not done.missing:
            store.remove(f"in/{folder}")
            store.remove(f"pages/{folder}")
    except (ClusterError, DependencyMissingError) as error:
        return Done(stop=str(error))
    return done


def do_there(plan: Plan, job: Job) -> Done:
    """Read a page on a worker's machine."""
    started = time.perf_counter()
    folder = pages_folder(plan, job.task, job.sha256).name
    named = job.task.files[job.file]
    try:
        store = Store(plan.carry)
        path = _fetched(store, f"in/{folder}/{job.file}", Path(named).name)
        try:
            with plan.open(path, plan.settings) as file:
                page = file.read(job.page_of_file, job.page)
        except MemoryError:
            raise
        except Exception as error:
            problem = as_problem(_named(error, path, named), job.task.path, job.page)
            return Done(problem=replace(problem, message=problem.message.replace(str(path), named)))
        page = replace(page, scan=replace(page.scan, path=named))
        store.put(f"pages/{folder}/{job.page:06}{PAGE_END}", packed(page))
    except (ClusterError, DependencyMissingError) as error:
        return Done(stop=str(error))
    return Done(seconds=time.perf_counter() - started)


def remove_fetched() -> None:
    """Remove what processes of this machine fetched that are gone, killed perhaps."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_LOCAL}*"):
        pid = folder.name.removeprefix(_LOCAL).partition("-")[0]
        if pid.isdigit() and int(pid) != os.getpid() and not Path(f"/proc/{pid}").exists():
            shutil.rmtree(folder, ignore_errors=True)


def _named(error: Exception, path: Path, named: str) -> Exception:
    """``error`` of the file that was fetched as one of the file that it was."""
    if isinstance(error, DepeshaError) and error.subject == str(path):
        return type(error)(named, error.message)
    return error


def _bring_back(plan: Plan, store: Store, job: Job) -> None:
    folder = pages_folder(plan, job.task, job.sha256)
    failed = {problem.page for problem in job.problems}
    for number in range(1, job.pages + 1):
        name = f"{number:06}{PAGE_END}"
        # Fetched even where it lies here: that may be the one which could not be used.
        data = None if number in failed else store.get(f"pages/{folder.name}/{name}")
        if data is not None:
            make_folder(folder, durable=True)
            write_together(folder, {name: data}, durable=True)


def _numbers(names: set[str]) -> frozenset[int]:
    stems = (name.removesuffix(PAGE_END) for name in names if name.endswith(PAGE_END))
    return frozenset(int(stem) for stem in stems if stem.isdigit())


_kept: tuple[str, Path] | None = None
"""The last file that this process fetched: its pages come one after the other."""


def _fetched(store: Store, name: str, called: str) -> Path:
    global _kept  # noqa: PLW0603 - kept from job to job
    if _kept is not None and _kept[0] == name and _kept[1].is_file():
        return _kept[1]
    if _kept is not None:
        shutil.rmtree(_kept[1].parent, ignore_errors=True)
        _kept = None
    remove_fetched()
    folder = Path(tempfile.mkdtemp(prefix=f"{_LOCAL}{os.getpid()}-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    path = folder / called
    store.fetch(name, path)
    _kept = (name, path)
    return path
