"""Collections at scale: what kills, full disks, poisoned pages and hours do to them.

    python benchmarks/scale_faults.py kills --rounds 160             kill -9 of coordinator or child
    python benchmarks/scale_faults.py cluster --rounds 40            ... of scheduler, worker, child
    python benchmarks/scale_faults.py full                           disk full at 20 places (root)
    python benchmarks/scale_faults.py poison                         six of sixty documents are bad
    python benchmarks/scale_faults.py soak --minutes 240             changes and runs, over and over

Each prints lines of figures and works in a folder of its own, which it removes. After each kill the
ledger is held against the results: what it calls done must be there, whole and right.
"""

from __future__ import annotations

import argparse
import itertools
import logging
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from msgspec.structs import replace
from scale import TEXT, texts, watched
from slow_texts import SlowTexts

from pipeline.batch import BatchResult, run_batch
from pipeline.batch.ledger import LEDGER_FILE, Ledger
from pipeline.config import Settings
from pipeline.errors import DepeshaError
from pipeline.store import load_stored, result_folders
from pipeline.transcript import TEXT_FILES

BATCH = Settings().batch
LONGEST = 120.0
"""Seconds after which a run that should have ended is counted as one that hangs."""


def main() -> None:
    """Run the measurement that the arguments name."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("what", choices=sorted(MEASUREMENTS))
    parser.add_argument("--rounds", type=int, default=160)
    parser.add_argument("--minutes", type=float, default=240.0)
    options = parser.parse_args()
    logging.getLogger("depesha").setLevel(logging.CRITICAL)
    with tempfile.TemporaryDirectory(prefix="depesha-scale-") as name:
        MEASUREMENTS[options.what](options, Path(name))


class Beside:
    """Processes beside the run that may be killed, too: of a cluster of their own, or none."""

    def __init__(self, commands: Sequence[Sequence[str]], folder: Path) -> None:
        self._commands = commands
        self._folder = folder
        self._running: dict[int, subprocess.Popen[bytes]] = {}

    def start(self) -> None:
        """Start those that are not running."""
        paths = {"PYTHONPATH": os.pathsep.join(sys.path), "TMPDIR": str(self._folder)}
        for place, (name, *command) in enumerate(self._commands):
            known = self._running.get(place)
            if known is None or known.poll() is not None:
                self._running[place] = subprocess.Popen(
                    [sys.executable, "-m", f"distributed.cli.dask_{name}", *command],
                    stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                    env={**os.environ, **paths}, cwd=self._folder,
                )  # fmt: skip

    def named(self) -> dict[int, str]:
        """The processes that run, by what they are, with the page children of workers."""
        found: dict[int, str] = {}
        for place, (name, *_) in enumerate(self._commands):
            process = self._running.get(place)
            if process is not None and process.poll() is None:
                found[process.pid] = name
                found |= dict.fromkeys(_children(process.pid), "page child")
        return found

    def end(self) -> None:
        """Kill them all."""
        for process in self._running.values():
            process.kill()
            process.wait()


def kills(options: argparse.Namespace, folder: Path) -> None:
    """Kill -9 of the coordinator or a child at random moments; then all must be there."""
    settings = Settings(batch=replace(BATCH, jobs=2))
    _killed(options.rounds, folder, settings, Beside((), folder))


def cluster(options: argparse.Namespace, folder: Path) -> None:
    """The same on a cluster of processes of their own: scheduler, two workers, their children."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"tcp://127.0.0.1:{port}"
    worker = ("worker", address, "--nthreads", "1", "--no-nanny", "--no-dashboard")
    scheduler = ("scheduler", "--host", "127.0.0.1", "--port", str(port), "--no-dashboard")
    beside = Beside((scheduler, worker, worker), folder)
    try:
        settings = Settings(batch=replace(BATCH, cluster=address))
        _killed(options.rounds, folder, settings, beside)
    finally:
        beside.end()


def _killed(rounds: int, folder: Path, settings: Settings, beside: Beside) -> None:
    chance = random.Random(1950)  # noqa: S311 - the same each time
    source, out = _inputs(folder / "in"), folder / "out"
    found: Counter[str] = Counter(lost=0, wrong=0)
    for number in range(1, rounds + 1):
        beside.start()
        coordinator = _forked(source, out, settings)
        time.sleep(chance.uniform(0.1, 5.0))
        others = dict.fromkeys(_children(coordinator), "page child") | beside.named()
        # A third of the time whoever coordinates, else one of the others.
        hits = not others or chance.random() < 1 / 3
        victim = coordinator if hits else chance.choice(sorted(others))
        if _is_over(coordinator):
            found["over before"] += 1
        else:
            found[others.get(victim, "coordinator")] += 1
            with suppress(ProcessLookupError):
                os.kill(victim, signal.SIGKILL)
            found["hangs"] += not _wait(coordinator)
        found.update(_faults(source, out))
        if number % 20 == 0:
            print(f"  {number}: {dict(found)}", flush=True)
        # Where the coordinator was killed the next mostly goes on from there.
        if victim != coordinator or chance.random() < 0.3:
            shutil.rmtree(out, ignore_errors=True)
    for _ in range(3):  # a run ends where there is no scheduler any more
        beside.start()
        _wait(_forked(source, out, settings))
    missing = len(list(source.rglob("*.txt"))) - len(list(result_folders(out)))
    left = [*out.rglob("*.tmp"), *out.glob(".depesha/pages/*"), *out.rglob(".depesha-replaced")]
    told = f"at the end {missing} missing, {len(left)} left over"
    print(f"{rounds} rounds: {dict(found)}; {told}")


def full(options: argparse.Namespace, folder: Path) -> None:
    """A disk that is full at twenty places: the run stops, nothing is half written; it goes on."""
    del options
    source = texts(folder / "in", 60)
    disk = folder / "disk"
    disk.mkdir()
    settings = Settings(batch=replace(BATCH, jobs=2, free_disk=0))
    found: Counter[str] = Counter()
    for place in range(1, 21):
        size = 60 * place
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}k", "tmpfs", disk], check=True)
        try:
            started = time.perf_counter()
            _wait(_forked(source, disk / "out", settings, slow=False))
            faults = _faults(source, disk / "out")
            done = len(list(result_folders(disk / "out"))) if (disk / "out").exists() else 0
            seconds = time.perf_counter() - started
            subprocess.run(["mount", "-o", "remount,size=64m", disk], check=True)
            _wait(_forked(source, disk / "out", settings, slow=False))
            faults.update(_faults(source, disk / "out"))
            faults["missing"] += 60 - len(list(result_folders(disk / "out")))
            faults["left over"] += len(list((disk / "out").rglob("*.tmp")))
            found.update(faults)
            print(f"  {size} kB: {done} done in {seconds:.1f} s; {dict(faults)}", flush=True)
        finally:
            # A child that was killed may hold it a moment longer.
            subprocess.run(["umount", "--lazy", disk], check=True)
    print(f"20 places: {dict(found)}")


def poison(options: argparse.Namespace, folder: Path) -> None:
    """Sixty documents, six of them bad, with one job; limits of 20 s and 2 GB."""
    del options
    sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "batch"))
    from batch_helpers import HERE, put, run, statuses  # noqa: PLC0415

    bad = dict(zip(("b1", "b2", "b3", "b4", "b5", "b6"),
                   ("hang", "eat", "kill", "exit", "crash", "hang"), strict=True))  # fmt: skip
    files = put(folder, **{f"d{n:02}": f"Телеграмма {n}." for n in range(54)}, **bad)
    limits = replace(HERE, batch=replace(HERE.batch, page_seconds=20.0, page_memory=2000))
    started = time.perf_counter()
    result = run(files, folder / "out", limits, inline=False)
    found = statuses(result)
    right = sum(found[f"d{n:02}"] == "ok" for n in range(54))
    named = sum(found[name] == "failed" for name in bad)
    print(f"{right} right, {named} named, {time.perf_counter() - started:.1f} s")
    for row in result.rows:
        for problem in row.problems:
            print(f"  {row.id}: {problem.code}: {problem.message}")


def soak(options: argparse.Namespace, folder: Path) -> None:
    """Changes and runs over and over: nothing may grow."""
    chance = random.Random(1950)  # noqa: S311 - the same each time
    source = texts(folder / "in", 120)
    out = folder / "out"
    end = time.monotonic() + options.minutes * 60
    for turn in itertools.count(1):
        paths = sorted(source.rglob("*.txt"))
        for path in chance.sample(paths, 10):
            path.write_text(TEXT.format(n=chance.randrange(10**6)), encoding="utf-8")
        moved = chance.choice(paths)
        moved.rename(moved.with_name(f"{chance.randrange(10**6)}.txt"))
        keep = chance.choice(("0.5", "0.6"))
        more = ("--jobs", "2", "--set", f"noise.keep_at={keep}", "--split", "telegrams")
        opened: list[int] = []
        with watched(source, out, *more) as (process, memory):
            while process.poll() is None:
                with suppress(OSError):
                    opened.append(_entries(Path(f"/proc/{process.pid}/fd")))
                time.sleep(0.5)
        prune = [sys.executable, "-m", "pipeline", "prune", str(out), "--yes"]
        subprocess.run(prune, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
        left = len([*out.rglob("*.tmp"), *out.glob(".depesha/pages/*")])
        files = sum(1 for path in out.rglob("*") if path.is_file())
        print(
            f"turn {turn}: exit {process.returncode}, {max(memory, default=0) / 1e6:.0f} MB, "
            f"{max(opened, default=0)} open files, {files} files, ledger "
            f"{(out / LEDGER_FILE).stat().st_size / 1e3:.0f} kB, {left} left over, "
            f"{_entries(Path(tempfile.gettempdir()))} in the folder of temporary files",
            flush=True,
        )
        if time.monotonic() > end:
            return


MEASUREMENTS: dict[str, Callable[[argparse.Namespace, Path], None]] = {
    "kills": kills,
    "cluster": cluster,
    "full": full,
    "poison": poison,
    "soak": soak,
}


def _inputs(folder: Path) -> Path:
    """24 documents of a page, and three of six."""
    folder.mkdir()
    for number in range(24):
        (folder / f"{number}.txt").write_text(_text(number, 1), encoding="utf-8")
    for number in range(24, 27):
        pages = "\f".join(_text(number, page) for page in range(1, 7))
        (folder / f"{number}.txt").write_text(pages, encoding="utf-8")
    return folder


def _text(number: int, page: int) -> str:
    return f"Телеграмма {number}, лист {page}: посол сообщает о беседе, которая состоялась."


def _forked(source: Path, out: Path, settings: Settings, *, slow: bool = True) -> int:
    """The number of a process that runs the batch; it ends with the run."""
    pid = os.fork()
    if pid:
        return pid
    os.setsid()
    quiet = os.open(os.devnull, os.O_WRONLY)
    os.dup2(quiet, 2)
    more: dict[str, Any] = {"opens": SlowTexts} if slow else {}
    result: BatchResult | None = None
    with suppress(DepeshaError):
        result = run_batch([source], out, settings, **more)
    os._exit(0 if result is None else int(result.exit_code))


def _faults(source: Path, out: Path) -> Counter[str]:
    """What the ledger calls done and is not there (lost); results that are not right (wrong)."""
    found: Counter[str] = Counter(lost=0, wrong=0)
    done: set[str] = set()
    if (out / LEDGER_FILE).is_file():
        with suppress(DepeshaError), Ledger(out / LEDGER_FILE) as book:
            done = {str(x) for (x,) in book.all("SELECT id FROM documents WHERE state='done'")}
    for name in done:
        found["lost"] += not all((out / name / file).is_file() for file in TEXT_FILES)
    for folder in result_folders(out) if out.exists() else ():
        name = folder.relative_to(out).as_posix()
        wanted = (source / f"{name}.txt").read_text(encoding="utf-8").replace("\f", "\n")
        try:
            read = load_stored(folder).document
        except DepeshaError:
            found["wrong"] += 1
            continue
        is_right = read.id == name and wanted.split() == " ".join(x.raw for x in read.lines).split()
        found["wrong"] += not is_right
    return found


def _entries(folder: Path) -> int:
    return sum(1 for _ in folder.iterdir())


def _is_over(pid: int) -> bool:
    with suppress(ChildProcessError):
        return os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None
    return True


def _wait(pid: int) -> bool:
    """Whether the process ended by itself; one that does not is killed."""
    end = time.monotonic() + LONGEST
    while not _is_over(pid):
        if time.monotonic() > end:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
            return False
        time.sleep(0.05)
    with suppress(ChildProcessError):
        os.waitpid(pid, 0)
    return True


def _children(parent: int) -> list[int]:
    found = []
    for path in Path("/proc").glob("[0-9]*"):
        with suppress(OSError, ValueError):
            if int((path / "stat").read_text().rpartition(")")[2].split()[1]) == parent:
                found.append(int(path.name))
    return found


if __name__ == "__main__":
    main()
