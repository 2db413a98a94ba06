"""Collections at scale: what many documents cost, and what changes cost them.

    python benchmarks/scale.py speed --scans DIR [--pages 40]     pages a second, beside others
    python benchmarks/scale.py many --documents 100000            short texts; again, unchanged
    python benchmarks/scale.py unchanged --documents 100000       resume alone, over copied results
    python benchmarks/scale.py ledger --rows 1000000              status and the report's index
    python benchmarks/scale.py derive --scans DIR [--pages 400]   noise.keep_at against reading

What kills, full disks, poison and hours cost: ``scale_faults.py``.

Each prints lines of figures and works in a folder of its own, which it removes.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from pipeline.batch import BatchResult, Row
from pipeline.batch.collection import LedgerRows, row_json, rows_of
from pipeline.batch.ledger import LEDGER_FILE, Ledger
from pipeline.batch.naming import path_key
from pipeline.batch.summary import write_summary
from pipeline.commands.collection_report import entry_of
from pipeline.config import Settings
from pipeline.model import Status
from pipeline.report import IndexContent, write_index
from pipeline.text import Level

ENDINGS = {".png", ".jpg", ".jpeg", ".tif", ".tiff"}
MANY = 200_000
TEXT = "Телеграмма номер {n}.\nПосол сообщает о беседе, которая состоялась сегодня.\n"


def main() -> None:
    """Run the measurement that the arguments name."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("what", choices=sorted(MEASUREMENTS))
    parser.add_argument("--scans", type=Path)
    parser.add_argument("--pages", type=int, default=40)
    parser.add_argument("--documents", type=int, default=100_000)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--rows", type=int, default=1_000_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="depesha-scale-") as name:
        MEASUREMENTS[options.what](options, Path(name))


def speed(options: argparse.Namespace, folder: Path) -> None:
    """One job, two, two cluster workers; Tesseract alone and OCRmyPDF, two at a time."""
    scans = scans_in(options.scans, options.pages, folder / "in")
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
    """Short texts: time, memory of the coordinator, disk; then once more with nothing changed."""
    source = texts(folder / "in", options.documents)
    for turn in ("first", "again"):
        _timed(turn, source, folder / "out")
    files = [path for path in (folder / "out").rglob("*") if path.is_file()]
    size = sum(path.stat().st_size for path in files)
    print(f"{len(files)} files, {size / 1e6:.1f} MB, {size / options.documents:.0f} bytes each")
    _status(folder / "out")


def unchanged(options: argparse.Namespace, folder: Path) -> None:
    """Resume alone: one text is done, its result stands for all (links) and is booked for all."""
    source = texts(folder / "in", 1)
    out = folder / "out"
    _timed("one", source, out)
    texts(source, options.documents)
    with Ledger(out / LEDGER_FILE) as book:
        (one,) = book.db.execute("SELECT * FROM documents")
        names = [row[1] for row in book.db.execute("PRAGMA table_info(documents)")]
        known = dict(zip(names, one, strict=True))
        (row,) = book.db.execute("SELECT row FROM rows").fetchone()
        book.begin()
        book.db.execute("DELETE FROM documents")
        first = out / "000" / "0"
        for number in range(options.documents):
            path = source / f"{number // 1000:03}" / f"{number}.txt"
            name = f"{number // 1000:03}/{number}"
            at = path.stat()
            known |= {
                "number": number + 1, "id": name, "folded": name, "path": str(path),
                "key": path_key(str(path)), "source": str(path), "root": str(source),
                "bytes": at.st_size, "found": f"{at.st_size}:{at.st_mtime_ns}",
                "signature": f"{at.st_size}:{at.st_mtime_ns}", "position": number + 1,
            }  # fmt: skip
            marks = ", ".join("?" * len(known))
            book.db.execute(
                f"INSERT INTO documents({', '.join(known)}) VALUES({marks})", tuple(known.values())
            )
            book.set_row(number + 1, row.replace('"000/0"', f'"{name}"'))
            if number:
                (out / name).mkdir(parents=True, exist_ok=True)
                for file in first.iterdir():
                    # A file has so many names and no more.
                    (shutil.copy if number % 50_000 == 0 else os.link)(file, out / name / file.name)
                first = out / name if number % 50_000 == 0 else first
        book.commit()
    for turn in ("unchanged", "once more"):
        _timed(turn, source, out)
    _status(out)


def _timed(turn: str, source: Path, out: Path, *more: str) -> float:
    """Processor time of a run, which is told of."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    started = time.perf_counter()
    with watched(source, out, "--set", "report.write=false", *more) as (process, memory):
        code = process.wait()
    seconds = time.perf_counter() - started
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    quarters = [memory[len(memory) * n // 4 : len(memory) * (n + 1) // 4] for n in range(4)]
    peaks = " ".join(f"{max(some, default=0) / 1e6:.0f}" for some in quarters)
    print(
        f"{turn}: exit {code}, {seconds:.1f} s by the clock, {cpu:.1f} s of processor time, "
        f"coordinator {peaks} MB by quarters of the time",
        flush=True,
    )
    return cpu


def ledger(options: argparse.Namespace, folder: Path) -> None:
    """``depesha status`` over a ledger of many rows; up to ``MANY`` summaries and index, too."""
    out = folder / "out"
    out.mkdir()
    row = Row(id="d", source="s/d", status=Status.OK, pages=1, kept=40, expected_error=0.01)
    with Ledger(out / LEDGER_FILE) as book:
        book.begin()
        book.db.execute(
            "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i+1 FROM n WHERE i<?-1) "
            "INSERT INTO documents(number, id, folded, key, path, source, state, status, code, "
            "pages, result_bytes, made_run) SELECT i+1, 'd'||i, 'd'||i, printf('%064x', i), "
            "'/s/d'||i, 's/d'||i, iif(i%50, 'done', 'failed'), iif(i%50, 'ok', 'failed'), "
            "iif(i%50, '', 'INPUT_UNREADABLE'), 1, 9000, 1 FROM n",
            (options.rows,),
        )
        book.db.execute(
            "INSERT INTO rows SELECT number, replace(?, '\"d\"', '\"'||id||'\"') FROM documents",
            (row_json(row),),
        )
        book.commit()
    print(f"{options.rows} rows, {(out / LEDGER_FILE).stat().st_size / 1e6:.0f} MB", flush=True)
    _status(out)
    if options.rows > MANY:
        return
    rows = LedgerRows(out, 1, whole=True)
    started, cpu = time.perf_counter(), time.process_time()
    result = BatchResult(rows=LedgerRows(out, 2, whole=False), collection=rows, out=out,
                         settings=Settings())  # fmt: skip
    write_summary(result)
    _said("summaries", started, cpu)
    index = folder / "report" / "index.html"
    if os.fork() == 0:
        started, cpu = time.perf_counter(), time.process_time()
        with Ledger(out / LEDGER_FILE, write=False) as book:
            entries = [entry_of(x, ()) for x, _, _ in rows_of(book, "1", "documents.number")]
        content = IndexContent(title="x", entries=entries, summary=None, level=Level.READING)
        write_index(folder / "report", content, "en")
        _said(f"index of {len(entries)}", started, cpu)
        os._exit(0)
    os.wait()
    for path in sorted(index.parent.iterdir()):
        print(f"  {path.name}: {path.stat().st_size / 1e6:.1f} MB")
    _opened(index)


def _said(what: str, started: float, cpu: float) -> None:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
    print(
        f"{what}: {time.perf_counter() - started:.1f} s by the clock, "
        f"{time.process_time() - cpu:.1f} s of processor time, at most {peak:.0f} MB",
        flush=True,
    )


def _opened(index: Path) -> None:
    """Seconds until the index shows its first row, and one that is searched for, in Chromium."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - not everybody has it

    with sync_playwright() as tools:
        browser = tools.chromium.launch(executable_path=shutil.which("chromium"))
        page = browser.new_page()
        started = time.perf_counter()
        page.goto(index.as_uri())
        page.wait_for_selector("tbody tr")
        print(f"first row after {time.perf_counter() - started:.2f} s", flush=True)
        started = time.perf_counter()
        page.fill("input[type=search]", "d777")
        page.wait_for_function("document.querySelector('tbody tr').innerText.includes('d777')")
        print(f"found after {time.perf_counter() - started:.2f} s")
        browser.close()


def derive(options: argparse.Namespace, folder: Path) -> None:
    """Another ``noise.keep_at``: what it costs against reading, start of the processes apart."""
    scans = scans_in(options.scans, options.pages, folder / "in")
    jobs = ("--jobs", str(options.jobs))
    blank = texts(folder / "blank", 1)
    started = _timed("a text: start", blank, folder / "other", *jobs)
    read = _timed("read", scans, folder / "out", *jobs) - started
    again = (
        _timed("made anew", scans, folder / "out", *jobs, "--set", "noise.keep_at=0.61") - started
    )
    print(
        f"{options.pages} pages, processor time without the start: 1/{read / max(again, 0.01):.1f}"
    )


MEASUREMENTS: dict[str, Callable[[argparse.Namespace, Path], None]] = {
    "speed": speed,
    "many": many,
    "ledger": ledger,
    "unchanged": unchanged,
    "derive": derive,
}


def scans_in(source: Path | None, pages: int, folder: Path) -> Path:
    """``pages`` images below ``source`` (some more than once) in ``folder``."""
    if source is None:
        raise SystemExit("--scans: a folder of images is needed")
    folder.mkdir()
    found = [path for path in sorted(source.rglob("*")) if path.suffix.lower() in ENDINGS]
    for number, path in zip(range(pages), itertools.cycle(found), strict=False):
        shutil.copy(path, folder / f"{number:04}{path.suffix}")
    return folder


def texts(folder: Path, count: int) -> Path:
    for number in range(count):
        path = folder / f"{number // 1000:03}" / f"{number}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(TEXT.format(n=number), encoding="utf-8")
    return folder


def command_of(source: Path, out: Path, *more: str) -> list[str]:
    return [sys.executable, "-m", "pipeline", "run", str(source), "--out", str(out), *more]


def _depesha(source: Path, out: Path, *more: str) -> float:
    started = time.perf_counter()
    command = command_of(source, out, "--set", "report.write=false", *more)
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
def watched(
    source: Path, out: Path, *more: str
) -> Iterator[tuple[subprocess.Popen[bytes], list[int]]]:
    """A run, and the resident bytes of its coordinator, taken twice a second until it ends."""
    import threading  # noqa: PLC0415

    command = command_of(source, out, *more)
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


def _status(out: Path) -> None:
    command = [sys.executable, "-m", "pipeline", "status", str(out), "--json"]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    started = time.perf_counter()
    told = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
    seconds = time.perf_counter() - started
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    print(
        f"status: {seconds:.2f} s, {cpu:.2f} s of processor time: {told['documents']}", flush=True
    )


if __name__ == "__main__":
    main()
