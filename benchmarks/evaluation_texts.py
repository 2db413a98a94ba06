"""Made-up texts, readings of them, whole runs, and the report over one, for ``evaluation.py``.

All from fixed seeds.
"""

from __future__ import annotations

import contextlib
import io
import random
import shutil
import tempfile
import time
from pathlib import Path

from pipeline import store
from pipeline.cli import main as depesha
from pipeline.model import (
    Box,
    Document,
    Line,
    LineKind,
    Page,
    Reading,
    Reason,
    Scan,
    Status,
    Verdict,
    Word,
)
from pipeline.resources import fitted

NOISE = (">\tN\t: 6", "возвращению получи", "ŧ ě >", "i-r 1 Бу ЛІ ra H", "» № 9-й", "— ‘ |")
REASONS = (
    ("russian-words", "{}% of its letters are in Russian words", 2.9),
    ("likely-letters", "{}% of its letters follow each other as in Russian", 1.8),
    ("between-text", "stands between two lines of Russian text", 2.0),
    ("inside-text", "a line of Russian letters inside the text", 2.3),
)

DOCUMENTS = 5_000
FLAGS = ("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking")


def made_up_text(size: int, seed: int) -> str:
    """Lines of nine words of the period, ``size`` characters in all.

    With commas, full stops, quotes, dashes and figures about as often as telegrams have them, so
    that the levels differ in nearly every line.
    """
    rng = random.Random(seed)  # noqa: S311
    forms = list(fitted.word_counts())
    lines: list[str] = []
    length = 0
    while length < size:
        words = [_punctuated(word, rng) for word in rng.choices(forms, k=9)]
        lines.append(" ".join(words).capitalize())
        length += len(lines[-1]) + 1
    return "\n".join(lines)[:size]


def _punctuated(word: str, rng: random.Random) -> str:
    chance = rng.random()
    if chance < 0.04:
        return str(rng.randint(1, 1950))
    if chance < 0.06:
        return f"«{word}»"
    if chance < 0.08:
        return f"{word} —"
    return word + ("," if chance < 0.17 else "." if chance < 0.23 else "")


def misread(text: str, rate: float, seed: int) -> str:
    """``text`` with ``rate`` of its characters changed, lost or doubled; lines stay lines."""
    rng = random.Random(seed)  # noqa: S311
    signs: list[str] = []
    for sign in text:
        fault = rng.random() / rate if rate and sign != "\n" else 1.0
        if fault >= 1:
            signs.append(sign)
        elif fault < 0.7:
            signs.append(rng.choice("аоеинтсрвлщ"))
        elif fault < 0.85:
            signs.append(sign + rng.choice("аоенит"))
    return "".join(signs)


def write_run(folder: Path, documents: int, seed: int = 0) -> tuple[Path, Path, int]:
    """A made-up run of ``documents`` and its truths; the two folders, and the bytes of all text.

    Each document has one page of 14 lines of body (800 characters or so), misread at a rate of
    its own (0 to 12 %), ten dropped scraps and four lines of the form; words have confidences
    that are lower where they are misread. The text counted is what was read and the truth.
    """
    run, truths = folder / "run", folder / "truth"
    truths.mkdir(parents=True)
    size = 0
    for number in range(documents):
        rng = random.Random(f"{seed}-{number}")  # noqa: S311
        name = f"телеграмма {number:05d}"
        true = made_up_text(800, seed * 1_000_003 + number)
        read = misread(true, rng.random() ** 2 * 0.12, number)
        document = _document(name, true, read, rng)
        info = store.RunInfo(
            fingerprint="",
            source=f"scans/{name}.png",
            source_key="",
            input_sha256="",
            status=Status.OK,
            seconds=1.0,
        )
        store.save_document(run / name, document, run=info, texts={})
        (truths / f"{name}.gt.txt").write_text(true + "\n", encoding="utf-8")
        size += len(true.encode()) + sum(len(line.raw.encode()) for line in document.lines)
    return run, truths, size


def _document(name: str, true: str, read: str, rng: random.Random) -> Document:
    rows = [(row, LineKind.TABLE, Verdict.DROP) for row in rng.choices(NOISE, k=10)]
    rows += [(row, LineKind.FORM, Verdict.KEEP) for row in ("Шифртелеграмма", "Строго секретно")]
    rows += [(row, LineKind.BODY, Verdict.KEEP) for row in read.split("\n")]
    rows += [(row, LineKind.FORM, Verdict.KEEP) for row in ("8 экз. ам", "Верно:")]
    words = set(true.split())
    lines = tuple(_line(index, *row, words, rng) for index, row in enumerate(rows))
    page = Page(number=1, scan=Scan(path=f"{name}.png", width=1654, height=2339), lines=lines)
    return Document(id=name, pages=(page,))


def _line(
    index: int, text: str, kind: LineKind, verdict: Verdict, true: set[str], rng: random.Random
) -> Line:
    sure = [
        min(1.0, max(0.0, rng.gauss(0.93 if word in true else 0.6, 0.12))) for word in text.split()
    ]
    words = tuple(Word(text=w, confidence=s) for w, s in zip(text.split(), sure, strict=True))
    top = 60 + 70 * index
    return Line(
        id=f"p1-l{index + 1:03d}",
        reading=Reading.of_words("tesseract", words, 0.9),
        box=Box(left=160, top=top, right=160 + 18 * max(1, len(text)), bottom=top + 44),
        kind=kind,
        verdict=verdict,
        reasons=tuple(
            Reason(rule=rule, evidence=why.format(rng.randint(40, 100)), weight=weight)
            for rule, why, weight in REASONS
        ),
        text_probability=0.99,
    )


def report() -> None:
    """Make it, weigh it, open it."""
    print(f"4. A report over {DOCUMENTS:,} made-up documents of a page each (no pictures)")
    with tempfile.TemporaryDirectory() as folder:
        run, truths, text = write_run(Path(folder), DOCUMENTS)
        started = time.perf_counter()
        quiet = io.StringIO()
        with contextlib.redirect_stdout(quiet), contextlib.redirect_stderr(quiet):
            code = depesha(["evaluate", str(run), str(truths)])
        seconds = time.perf_counter() - started
        made = run / "report"
        size = sum(path.stat().st_size for path in made.rglob("*") if path.is_file())
        index = sum((made / name).stat().st_size for name in ("index.html", "index-data.js"))
        print(f"  exit code {code}; scored and written in {seconds:.0f} s (all cores)")
        print(
            f"  size {size / 1e6:.1f} MB, {size / text:.2f} times the text (read and true, UTF-8)"
        )
        print(f"  the index alone {index / 1e6:.2f} MB")
        _open(made)


def _open(folder: Path) -> None:
    try:
        from playwright.sync_api import sync_playwright  # noqa: PLC0415
    except ImportError:
        print("  Playwright is not installed: not opened")
        return
    program = shutil.which("chromium") or shutil.which("google-chrome")
    if program is None:
        print("  Chromium is not installed: not opened")
        return
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(FLAGS))
        page = browser.new_page(viewport={"width": 1400, "height": 900})
        started = time.perf_counter()
        page.goto((folder / "index.html").as_uri())
        page.wait_for_selector("html[data-ready]")
        page.wait_for_selector("#rows tr")
        print(f"  the index can be used after {time.perf_counter() - started:.2f} s")
        started = time.perf_counter()
        page.locator("#search").fill("04999")
        page.locator("#shown", has_text="1 of").wait_for()
        print(f"  a search takes {time.perf_counter() - started:.2f} s")
        page.locator("#search").fill("")
        started = time.perf_counter()
        page.get_by_role("button", name="CER", exact=True).click()
        page.locator('th[aria-sort="descending"]').wait_for()
        print(f"  sorting all documents takes {time.perf_counter() - started:.2f} s")
        started = time.perf_counter()
        page.locator("#rows a").first.click()
        page.wait_for_selector("html[data-ready=document]")
        print(f"  a document's page is there after {time.perf_counter() - started:.2f} s")
        browser.close()
