"""Collections at scale: what many documents cost, and what kills, poison and changes cost them.

    python benchmarks/scale.py speed --scans DIR [--pages 40]     must show 1
    python benchmarks/scale.py many --documents 100000            must show 2
    python benchmarks/scale.py ledger --rows 1000000              must show 2
    python benchmarks/scale.py kills --rounds 200                 must show 3
    python benchmarks/scale.py poison                             must show 4
    python benchmarks/scale.py derive --scans DIR [--pages 400]   must show 5
    python benchmarks/scale.py soak --minutes 240                 must show 6

Each prints lines of figures and works in a folder of its own, which it removes.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from pipeline.batch.ledger import LEDGER_FILE, Ledger
from pipeline.store import load_stored, result_folders

ENDINGS = {".png", ".jpg", ".jpeg", ".tif", ".tiff"}
TEXT = "Телеграмма номер {n}.\nПосол сообщает о беседе, которая состоялась сегодня.\n"


def main() -> None:
    """Run the measurement that the arguments name."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("what", choices=sorted(MEASUREMENTS))
    parser.add_argument("--scans", type=Path)
    parser.add_argument("--pages", type=int, default=40)
    parser.add_argument("--documents", type=int, default=100_000)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--minutes", type=float, default=240.0)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="depesha-scale-") as name:
        MEASUREMENTS[options.what](options, Path(name))


def speed(options: argparse.Namespace, folder: Path) -> None:
    """One job, two, two cluster workers; Tesseract alone and OCRmyPDF, two at a time."""
    scans = _scans(options.scans, options.pages, folder / "in")
    runs = {
        "--jobs 1": ["--jobs", "1"],
        "--jobs 2": ["--jobs", "2"],
        "--cluster local": ["--jobs", "2", "--cluster", "local"],
    }
    for name, more in runs.items():
        seconds = _depesha(scans, folder / name.replace(" ", ""), *more)
        print(f"{name}: {options.pages / seconds:.3f} pages a second, {seconds:.1f} s", flush=True)
    tools = {
        "tesseract": lambda path: ["tesseract", str(path), str(folder / path.stem), "-l", "rus"],
        "ocrmypdf": lambda path: [
            "ocrmypdf", "--deskew", "--jobs", "1", "--image-dpi", "300", "-l", "rus",
            str(path), str(folder / f"{path.stem}.pdf"),
        ],
    }  # fmt: skip
    for tool, command in tools.items():
        if shutil.which(tool):
            seconds = _two_at_a_time(sorted(scans.iterdir()), command)
            print(f"{tool} x 2: {options.pages / seconds:.3f} pages a second, {seconds:.1f} s")


def many(options: argparse.Namespace, folder: Path) -> None:
    """Short texts: wall, memory of the coordinator, disk; then once more with nothing changed."""
    source = _texts(folder / "in", options.documents)
    for turn in ("first", "again"):
        with _watched(source, folder / "out", "--set", "report.write=false") as (process, memory):
            started = time.perf_counter()
            code = process.wait()
            seconds = time.perf_counter() - started
        peak = max(memory) / 1e6 if memory else 0.0
        half = max(memory[: len(memory) // 2], default=0) / 1e6
        print(f"{turn}: exit {code}, {seconds:.1f} s, coordinator {half:.0f} then {peak:.0f} MB")
    files = [path for path in (folder / "out").rglob("*") if path.is_file()]
    size = sum(path.stat().st_size for path in files)
    print(f"{len(files)} files, {size / 1e6:.1f} MB, {size / options.documents:.0f} bytes each")
    _status(folder / "out")


def ledger(options: argparse.Namespace, folder: Path) -> None:
    """``depesha status`` over a ledger of many rows."""
    folder.joinpath("out").mkdir()
    with Ledger(folder / "out" / LEDGER_FILE) as book:
        book.begin()
        book.db.executemany(
            "INSERT INTO documents(id, folded, key, path, source, state, status, code, pages, "
            "result_bytes) VALUES(?, ?, ?, ?, ?, ?, ?, ?, 1, 9000)",
            (
                (
                    f"d{n}", f"d{n}", f"{n:064x}", f"/s/d{n}", f"s/d{n}",
                    "failed" if n % 50 == 0 else "done", "failed" if n % 50 == 0 else "ok",
                    "INPUT_UNREADABLE" if n % 50 == 0 else "",
                )
                for n in range(options.rows)
            ),
        )  # fmt: skip
        book.commit()
    print(f"{options.rows} rows, {(folder / 'out' / LEDGER_FILE).stat().st_size / 1e6:.0f} MB")
    _status(folder / "out")


def kills(options: argparse.Namespace, folder: Path) -> None:
    """Kill -9 at random moments of the coordinator or a child; then all must be there."""
    chance = random.Random(1950)  # noqa: S311 - the same each time
    source = _texts(folder / "in", 60)
    out = folder / "out"
    for _ in range(options.rounds):
        with _watched(source, out, "--jobs", "2", "--set", "report.write=false") as (process, _m):
            time.sleep(chance.uniform(0.2, 6.0))
            children = _children(process.pid)
            victim = chance.choice([process.pid, *children])
            _kill(victim)
            if victim == process.pid:
                process.wait()
        if chance.random() < 0.2:
            shutil.rmtree(out, ignore_errors=True)
    code = subprocess.call(_command(source, out, "--jobs", "2", "--set", "report.write=false"))
    wrong = 0
    for number, folder_ in enumerate(result_folders(out)):
        text = (folder_ / "diplomatic.txt").read_text()
        wrong += text.split("\n")[0] != TEXT.format(n=int(folder_.name)).split("\n")[0]
        wrong += load_stored(folder_).document.id != folder_.relative_to(out).as_posix()
        total = number + 1
    left = [*out.rglob("*.tmp"), *out.glob(".depesha/pages/*"), *out.rglob(".depesha-replaced")]
    lost = 60 - total
    print(f"{options.rounds} kills: exit {code}, {lost} lost, {wrong} wrong, {len(left)} left over")


def derive(options: argparse.Namespace, folder: Path) -> None:
    """Another ``noise.keep_at``: seconds against those of reading."""
    scans = _scans(options.scans, options.pages, folder / "in")
    more = ["--jobs", "2", "--set", "report.write=false"]
    read = _depesha(scans, folder / "out", *more)
    again = _depesha(scans, folder / "out", *more, "--set", "noise.keep_at=0.61")
    print(
        f"{options.pages} pages: read {read:.1f} s, made anew {again:.1f} s: 1/{read / again:.1f}"
    )


def soak(options: argparse.Namespace, folder: Path) -> None:
    """Runs over and over with random changes: nothing may grow."""
    chance = random.Random(1950)  # noqa: S311 - the same each time
    source = _texts(folder / "in", 200)
    end = time.monotonic() + options.minutes * 60
    for turn in itertools.count(1):
        for path in chance.sample(sorted(source.rglob("*.txt")), 20):
            path.write_text(TEXT.format(n=chance.randrange(10**6)), encoding="utf-8")
        with _watched(source, folder / "out", "--jobs", "2") as (process, memory):
            process.wait()
        left = len([*(folder / "out").rglob("*.tmp"), *(folder / "out").glob(".depesha/pages/*")])
        files = sum(1 for path in (folder / "out").rglob("*") if path.is_file())
        book = (folder / "out" / LEDGER_FILE).stat().st_size
        print(
            f"turn {turn}: {max(memory, default=0) / 1e6:.0f} MB, {files} files, ledger "
            f"{book / 1e3:.0f} kB, {left} left over",
            flush=True,
        )
        if time.monotonic() > end:
            return


def poison(options: argparse.Namespace, folder: Path) -> None:
    """Sixty documents, six of them bad, with one job; limits of 20 s and 2 GB."""
    del options
    tests = Path(__file__).parents[1] / "tests" / "batch"
    sys.path.insert(0, str(tests))
    from batch_helpers import HERE, put, run, statuses  # noqa: PLC0415
    from msgspec.structs import replace  # noqa: PLC0415

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


MEASUREMENTS: dict[str, Callable[[argparse.Namespace, Path], None]] = {
    "speed": speed,
    "many": many,
    "ledger": ledger,
    "kills": kills,
    "poison": poison,
    "derive": derive,
    "soak": soak,
}


def _scans(source: Path | None, pages: int, folder: Path) -> Path:
    """``pages`` images below ``source`` (some more than once) in ``folder``."""
    if source is None:
        raise SystemExit("--scans: a folder of images is needed")
    folder.mkdir()
    found = [path for path in sorted(source.rglob("*")) if path.suffix.lower() in ENDINGS]
    for number, path in zip(range(pages), itertools.cycle(found), strict=False):
        shutil.copy(path, folder / f"{number:04}{path.suffix}")
    return folder


def _texts(folder: Path, count: int) -> Path:
    for number in range(count):
        path = folder / f"{number // 1000:03}" / f"{number}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(TEXT.format(n=number), encoding="utf-8")
    return folder


def _command(source: Path, out: Path, *more: str) -> list[str]:
    return [sys.executable, "-m", "pipeline", "run", str(source), "--out", str(out), *more]


def _depesha(source: Path, out: Path, *more: str) -> float:
    started = time.perf_counter()
    command = _command(source, out, "--set", "report.write=false", *more)
    subprocess.run(command, stdout=subprocess.DEVNULL, check=False)
    return time.perf_counter() - started


def _two_at_a_time(paths: Sequence[Path], command: Callable[[Path], list[str]]) -> float:
    started = time.perf_counter()
    running: list[subprocess.Popen[bytes]] = []
    quiet = {**os.environ, "OMP_THREAD_LIMIT": "1"}
    for path in paths:
        while len(running) == 2:
            time.sleep(0.01)
            running = [process for process in running if process.poll() is None]
        running.append(
            subprocess.Popen(
                command(path), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=quiet
            )
        )
    for process in running:
        process.wait()
    return time.perf_counter() - started


@contextmanager
def _watched(
    source: Path, out: Path, *more: str
) -> Iterator[tuple[subprocess.Popen[bytes], list[int]]]:
    """A run, and the resident bytes of its coordinator, taken twice a second until it ends."""
    import threading  # noqa: PLC0415

    command = _command(source, out, *more)
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    memory: list[int] = []

    def watch() -> None:
        while process.poll() is None:
            try:
                pages = int(Path(f"/proc/{process.pid}/statm").read_text().split()[1])
            except (OSError, ValueError, IndexError):
                return
            memory.append(pages * os.sysconf("SC_PAGE_SIZE"))
            time.sleep(0.5)

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield process, memory
    finally:
        process.wait()
        thread.join()


def _children(parent: int) -> list[int]:
    found = []
    for path in Path("/proc").glob("[0-9]*"):
        try:
            if int((path / "stat").read_text().rpartition(")")[2].split()[1]) == parent:
                found.append(int(path.name))
        except (OSError, ValueError):
            continue
    return found


def _kill(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return


def _status(out: Path) -> None:
    command = [sys.executable, "-m", "pipeline", "status", str(out), "--json"]
    started = time.perf_counter()
    told = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
    print(f"status: {time.perf_counter() - started:.2f} s: {told['documents']}")


if __name__ == "__main__":
    main()
