"""Several runs at one collection: the first coordinates, later ones do jobs for it.

They meet in ``OUT/.depesha/share/``, on whatever file system both see; no port is opened, and
what passes is JSON. A run that comes later makes a box there (a folder) and holds a lock on its
``alive`` file; the coordinator lays jobs into it and takes answers out. A helper that is gone
costs nothing but the time of its jobs, which are done again; where the coordinator is gone, the
next that gets the lock of the output folder goes on in its place.
"""

from __future__ import annotations

import fcntl
import json
import logging
import os
import platform
import shutil
import time
import uuid
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

import msgspec

from pipeline.batch.fingerprints import Stages
from pipeline.batch.jobs import Done, Job, Plan, Workers
from pipeline.batch.lock import HELLO, SHARE, WORK, holder, is_held, shares
from pipeline.config import Settings
from pipeline.errors import InUseError
from pipeline.executors import Crew, Finished, Interrupts, in_folder, worker_count
from pipeline.store import make_folder, write_atomic

_PLAN = "plan.json"
_ALIVE = "alive"
_JOB, _DONE = ".job.json", ".done.json"

_AHEAD = 2
"""Jobs in a helper's box for each of its processes: one at work, one at hand."""

_LOOK = 0.2
"""Seconds between looks into a box."""

_BEAT, _DEAD = 2.0, 60.0
"""Seconds between signs of life, and without one after which a helper counts as gone; that is
for file systems that know no locks."""

_log = logging.getLogger("depesha")

Run = Callable[[Plan, Job], Done]


@dataclass(slots=True, kw_only=True)
class _Helper:
    box: Path
    slots: int
    jobs: dict[int, tuple[Job, float]] = field(default_factory=dict)
    beat: int = 0
    seen: float = 0.0


class Shared:
    """The workers of a coordinator, with those of runs that help it; closes with it.

    As :class:`pipeline.executors.Crew`.
    """

    def __init__(self, own: Workers, plan: Plan) -> None:
        self._own = own
        self._folder = _folder(plan.out)
        self._helpers: dict[str, _Helper] = {}
        self._again: deque[tuple[int, Job, float]] = deque()
        shutil.rmtree(self._folder, ignore_errors=True)
        make_folder(self._folder)
        data = {
            "run": uuid.uuid4().hex,
            "folder": os.getcwd(),  # noqa: PTH109 - as a text
            "settings": plan.settings,
            "reading": plan.stages.reading,
            "derived": plan.stages.derived,
            "ground_truth": None if plan.ground_truth is None else str(plan.ground_truth),
            "truths": {name: str(path) for name, path in plan.truths.items()},
            "force": plan.force,
        }
        _write(self._folder / _PLAN, data)

    def __enter__(self) -> Shared:
        return self

    def __exit__(self, *_: object) -> None:
        shutil.rmtree(self._folder, ignore_errors=True)

    @property
    def broken(self) -> str:
        """Why there are no more workers here, if so."""
        return self._own.broken

    @property
    def free(self) -> int:
        """How many jobs may be submitted now."""
        rooms = sum(max(0, x.slots - len(x.jobs)) for x in self._helpers.values())
        return self._own.free + rooms - len(self._again)

    @property
    def busy(self) -> int:
        """How many jobs are under way."""
        return self._own.busy + len(self._again) + sum(len(x.jobs) for x in self._helpers.values())

    def submit(self, index: int, job: Any, *, seconds: float = 0.0) -> None:
        """Start a job here, where somebody is free, else in a helper's box."""
        helper = max(self._helpers.values(), key=lambda x: x.slots - len(x.jobs), default=None)
        if self._own.free or helper is None:
            self._own.submit(index, job, seconds=seconds)
            return
        helper.jobs[index] = (job, seconds)
        with suppress(OSError):  # a box that is gone is found so when it is looked into
            _write(helper.box / f"{index:09}{_JOB}", {"job": job, "seconds": seconds})

    def wait(self, timeout: float) -> Sequence[Finished[Done]]:
        """The jobs that ended."""
        ended = list(self._own.wait(timeout))
        self._meet()
        for name, helper in list(self._helpers.items()):
            ended += self._take(helper)
            if self._is_gone(helper):
                _log.warning("a run that helped is gone; its jobs are done again")
                self._again.extend((index, *job) for index, job in helper.jobs.items())
                shutil.rmtree(helper.box, ignore_errors=True)
                del self._helpers[name]
        while self._again and self.free + len(self._again) > 0:
            index, job, seconds = self._again.popleft()
            self.submit(index, job, seconds=seconds)
        return ended

    def _meet(self) -> None:
        with suppress(OSError):
            for box in self._folder.iterdir():
                if box.name.startswith(".") or box.name in self._helpers or not box.is_dir():
                    continue
                with suppress(OSError, ValueError, KeyError, TypeError):
                    hello = json.loads((box / HELLO).read_bytes())
                    slots = max(1, min(1024, int(hello["slots"])))
                    self._helpers[box.name] = _Helper(box=box, slots=slots, seen=time.monotonic())
                    _log.info("helped by process %s on %s", hello["pid"], hello["host"])

    def _take(self, helper: _Helper) -> list[Finished[Done]]:
        found: list[Finished[Done]] = []
        with suppress(OSError):
            for path in sorted(helper.box.glob(f"*{_DONE}")):
                index = int(path.name.removesuffix(_DONE))
                if helper.jobs.pop(index, None) is not None:
                    found.append(_read_finished(path, index))
                path.unlink()
        return found

    def _is_gone(self, helper: _Helper) -> bool:
        try:
            handle = os.open(helper.box / _ALIVE, os.O_RDWR)
        except OSError:
            return True
        try:
            beat = os.fstat(handle).st_mtime_ns
            if beat != helper.beat:
                helper.beat, helper.seen = beat, time.monotonic()
            fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return time.monotonic() - helper.seen > _DEAD
        except OSError:  # no locks here
            return time.monotonic() - helper.seen > _DEAD
        finally:
            os.close(handle)
        return True


def help_out(plan: Plan, provenance: Iterable[tuple[str, str]], run: Run) -> None:
    """Do jobs for the run that holds ``plan.out``, until it is over or gone.

    Raises:
        InUseError: it does not share, or its results would be other than ours.
        KeyboardInterrupt: Ctrl-C.

    """
    out = plan.out.absolute()
    if not shares(out):
        raise InUseError(
            plan.out, f"is in use by another run ({holder(out)}), which was started without --share"
        )
    with Interrupts() as interrupts:
        while is_held(out) and not (_folder(out) / _PLAN).is_file():
            _stop_if(interrupts)
            time.sleep(_LOOK)
        told = _read(_folder(out) / _PLAN)
        if told is None:
            return
        settings = msgspec.convert(told["settings"], Settings)
        stages = Stages.of(settings, provenance)
        if (stages.reading, stages.derived) != (told["reading"], told["derived"]):
            raise InUseError(
                plan.out,
                f"is in use by another run ({holder(out)}) of another version of Depesha, its "
                "engines or its tables: their results would differ",
            )
        theirs = replace(
            plan,
            out=out,
            settings=settings,
            stages=stages,
            ground_truth=told["ground_truth"] and Path(told["ground_truth"]),
            truths={name: Path(path) for name, path in told["truths"].items()},
            force=told["force"],
        )
        _log.warning("%s: helping the run of %s", plan.out, holder(out))
        jobs = worker_count(plan.settings.batch.jobs, 1 << 20)
        function = partial(in_folder, told["folder"], partial(run, theirs))
        with Crew(function, jobs, memory=settings.batch.page_memory << 20) as crew:
            _Box(out, told["run"], crew, interrupts).work()


class _Box:
    """A helper's side of its box."""

    def __init__(self, out: Path, run: str, crew: Crew[Job, Done], interrupts: Interrupts) -> None:
        self._out = out
        self._run = run
        self._crew = crew
        self._interrupts = interrupts
        name = uuid.uuid4().hex
        new = _folder(out) / f".{name}"
        make_folder(new)
        self._alive = os.open(new / _ALIVE, os.O_RDWR | os.O_CREAT, 0o666)
        with suppress(OSError):
            fcntl.flock(self._alive, fcntl.LOCK_EX | fcntl.LOCK_NB)
        slots = crew.workers * _AHEAD
        _write(new / HELLO, {"slots": slots, "pid": os.getpid(), "host": platform.node()})
        # Under this name it is complete: lock, greeting and all.
        self._box = new.rename(_folder(out) / name)
        self._known: set[str] = set()
        self._beat = 0.0

    def work(self) -> None:
        waiting: deque[tuple[int, Job, float]] = deque()
        try:
            while self._box.is_dir() and self._is_theirs():
                _stop_if(self._interrupts)
                waiting.extend(self._new())
                while waiting and self._crew.free:
                    index, job, seconds = waiting.popleft()
                    self._crew.submit(index, job, seconds=seconds)
                for ended in self._crew.wait(_LOOK):
                    with suppress(OSError):
                        _write(self._box / f"{ended.index:09}{_DONE}", _finished_data(ended))
        finally:
            shutil.rmtree(self._box, ignore_errors=True)
            os.close(self._alive)

    def _is_theirs(self) -> bool:
        if time.monotonic() - self._beat > _BEAT:
            self._beat = time.monotonic()
            with suppress(OSError):
                os.utime(self._alive)
            told = _read(_folder(self._out) / _PLAN)
            return told is not None and told["run"] == self._run and is_held(self._out)
        return True

    def _new(self) -> list[tuple[int, Job, float]]:
        found: list[tuple[int, Job, float]] = []
        for path in sorted(self._box.glob(f"*{_JOB}")):
            if path.name not in self._known and (told := _read(path)) is not None:
                self._known.add(path.name)
                index = int(path.name.removesuffix(_JOB))
                found.append((index, msgspec.convert(told["job"], Job), float(told["seconds"])))
                with suppress(OSError):
                    path.unlink()
        return found


def _folder(out: Path) -> Path:
    return out / WORK / SHARE


def _stop_if(interrupts: Interrupts) -> None:
    if interrupts.count:
        raise KeyboardInterrupt


def _finished_data(ended: Finished[Done]) -> dict[str, Any]:
    error = "" if ended.error is None else f"{type(ended.error).__name__}: {ended.error}"
    names = ("value", "lost", "limit", "peak")
    return {**{name: getattr(ended, name) for name in names}, "error": error}


def _read_finished(path: Path, index: int) -> Finished[Done]:
    told = _read(path)
    if told is None:
        return Finished(index=index, lost="gave an answer that cannot be read")
    return Finished(
        index=index,
        value=None if told["value"] is None else msgspec.convert(told["value"], Done),
        error=RuntimeError(told["error"]) if told["error"] else None,
        lost=told["lost"],
        limit=told["limit"],
        peak=told["peak"],
    )


def _write(path: Path, data: Any) -> None:
    # ASCII: names of files may hold what UTF-8 cannot.
    write_atomic(path, json.dumps(msgspec.to_builtins(data)))


def _read(path: Path) -> Any:
    with suppress(OSError, ValueError):
        return json.loads(path.read_bytes())
    return None
