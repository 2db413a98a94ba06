"""A report over 5,000 made-up documents: its size, and the times to make it and to open it."""

from __future__ import annotations

import contextlib
import io
import shutil
import tempfile
import time
from pathlib import Path

from evaluation_texts import write_run

from pipeline.cli import main as depesha

DOCUMENTS = 5_000
FLAGS = ("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking")


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
