"""Pictures of a report's pages, to be looked at after a change of them.

Usage: ``python benchmarks/screenshots.py REPORT OUT``: the index, the second document (its text,
and a difference followed to its place) and, where there is one, the comparison; light and dark,
1400 and 800 pixels wide. Needs Chromium and Playwright (``make browser``). ``docs/report.png`` is
``difference-light-1400.png`` of the report that ``make run`` leaves, made smaller.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import Any, Literal

from playwright.sync_api import sync_playwright

FLAGS = ("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking")


def main(arguments: list[str]) -> int:
    report, out = Path(arguments[0]).resolve(), Path(arguments[1])
    out.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=list(FLAGS)
        )
        schemes: tuple[Literal["light", "dark"], ...] = ("light", "dark")
        for scheme in schemes:
            for width in (1400, 800):
                page = browser.new_context(color_scheme=scheme).new_page()
                page.set_viewport_size({"width": width, "height": 1000})
                _shoot(page, report, out, f"{scheme}-{width}")
        browser.close()
    print(f"{len(list(out.glob('*.png')))} pictures in {out}")
    return 0


def _shoot(page: Any, report: Path, out: Path, name: str) -> None:
    page.goto((report / "index.html").as_uri())
    page.wait_for_selector("html[data-ready]")
    page.screenshot(path=out / f"index-{name}.png", full_page=True)
    page.locator("#rows a").nth(1).click()
    page.wait_for_selector("html[data-ready=document]")
    page.screenshot(path=out / f"document-{name}.png")
    page.keyboard.press("n")
    page.keyboard.press("n")
    page.wait_for_timeout(1000)  # it scrolls there
    page.screenshot(path=out / f"difference-{name}.png")
    if (report / "comparison.html").is_file():
        page.goto((report / "comparison.html").as_uri())
        page.wait_for_selector("html[data-ready]")
        page.screenshot(path=out / f"comparison-{name}.png", full_page=True)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
