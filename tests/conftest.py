"""Fixtures for all tests."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from schema_checks import Check, relax_ng, xsd

from pipeline.cli import main

# On a busy machine an example may take seconds: time says nothing about what is tested.
# The same code is tried with the same examples, so that what passed passes again;
# HYPOTHESIS_PROFILE=explore draws new ones.
settings.register_profile("depesha", deadline=None, derandomize=True)
settings.register_profile("explore", deadline=None, max_examples=400)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "depesha"))

ROOT = Path(__file__).parents[1]


BROWSER_FLAGS = (
    "--no-sandbox",  # containers run as root
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
)


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout."""
    return ROOT


@pytest.fixture(scope="session")
def real() -> Path:
    """The folder of real material beside the checkout; tests skip where it is missing."""
    folder = ROOT.parent / "shared" / "real"
    if not folder.is_dir():
        pytest.skip("the real material is not beside this checkout")
    return folder


@pytest.fixture(scope="session")
def schemas() -> Path:
    """The folder of schemas beside the checkout; tests skip where it is missing."""
    folder = ROOT.parent / "shared" / "schemas"
    if not folder.is_dir():
        pytest.skip("the schemas are not beside this checkout")
    return folder


@pytest.fixture(scope="session")
def alto_schema(schemas: Path) -> Check:
    """ALTO 4.4."""
    return xsd(schemas, "alto-4-4.xsd")


@pytest.fixture(scope="session")
def page_schema(schemas: Path) -> Check:
    """PAGE 2019-07-15."""
    return xsd(schemas, "pagecontent-2019-07-15.xsd")


@pytest.fixture(scope="session")
def tei_schema(schemas: Path) -> Check:
    """TEI All, which takes some seconds to compile: once a run."""
    return relax_ng(schemas / "tei_all.rng")


@dataclass(frozen=True)
class ReadText:
    """A text of two lines and what ``depesha run`` made of it; copy ``out`` before changing it."""

    scans: Path
    out: Path


@pytest.fixture(scope="session")
def read_text(tmp_path_factory: pytest.TempPathFactory) -> ReadText:
    """One run of the real command, with two exports, for all tests that need its results."""
    folder = tmp_path_factory.mktemp("read-text")
    made = ReadText(scans=folder / "scans", out=folder / "out")
    made.scans.mkdir()
    text = "Далее товарищ уназал, что\nдоговор подписан.\n"
    (made.scans / "альфа.txt").write_text(text, encoding="utf-8")
    quick = ["--set", "report.write=false", "--jobs", "1", "--export", "alto,md"]
    assert main(["run", str(made.scans), "--out", str(made.out), *quick]) == 0
    return made


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Headless Chromium of the system, driven by Playwright; tests skip where either is missing."""
    api = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
    names = ("chromium", "chromium-browser", "google-chrome")
    program = next((path for name in names if (path := shutil.which(name))), None)
    if program is None:
        pytest.skip("Chromium is not installed (make browser)")
    with api.sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=program, args=list(BROWSER_FLAGS))
        yield found
        found.close()
