"""Links lead somewhere, words are spelt right, every page and command has its place."""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from markdown_pages import CODE, PAGES, ROOT, anchors_of, links_of, text_of
from pymorphy3 import MorphAnalyzer

from pipeline import __version__
from pipeline.cli import make_parser

RUSSIAN = re.compile(r"[а-яё]{2,}(?:-[а-яё]+)*", re.IGNORECASE)
KNOWN = Path(__file__).with_name("russian_words.txt")


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    for link in links_of(page):
        if re.match(r"[a-z]+:", link):
            assert link.startswith(("https://", "mailto:")), link
            continue
        name, _, anchor = link.partition("#")
        target = (page.parent / name).resolve() if name else page
        assert target.exists(), link
        if anchor:
            assert anchor in anchors_of(target), link


def test_every_page_has_its_place_in_the_site() -> None:
    places = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    for page in (ROOT / "docs").glob("*.md"):
        assert f": {page.name}\n" in places, f"{page.name} is not in mkdocs.yml"


def test_links_of_the_site_stay_inside_it() -> None:
    folder = ROOT / "docs"
    for page in folder.glob("*.md"):
        outside = [x for x in links_of(page) if x.startswith("..")]
        assert not outside, page.name


def test_every_command_has_its_row() -> None:
    text = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    (commands,) = (
        action
        for action in make_parser()._actions
        if isinstance(action, argparse._SubParsersAction)
    )
    for name in commands.choices:
        assert f"| `depesha {name} " in text or f"| `depesha {name}`" in text, name


def test_versions_agree() -> None:
    assert f"\nversion: {__version__}\n" in (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert f"\n## {__version__}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_english_is_spelt_right() -> None:
    files = [*map(str, PAGES), "pipeline", "config", "Makefile"]
    done = subprocess.run(
        [sys.executable, "-m", "codespell_lib", *files],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def russian_texts() -> dict[str, str]:
    """What is Russian for readers: pages, and the second language of the words of the report."""
    texts = {p.name: CODE.sub("", text_of(p)) for p in PAGES if p.name.endswith(".ru.md")}
    for path in sorted((ROOT / "pipeline").rglob("words*.toml")):
        words = tomllib.loads(path.read_text(encoding="utf-8"))
        texts[str(path.relative_to(ROOT))] = "\n".join(x[1] for x in words.values())
    return texts


def test_russian_is_spelt_right() -> None:
    known = MorphAnalyzer().word_is_known
    listed = set(KNOWN.read_text(encoding="utf-8").split())
    for name, text in russian_texts().items():
        unknown = set()
        for word in (x.lower() for x in RUSSIAN.findall(text)):
            if word not in listed and not (known(word) or all(map(known, word.split("-")))):
                unknown.add(word)
        assert not unknown, f"{name}: {sorted(unknown)}"
