"""Scans that are no upright page of type: a result or a named error, never a crash."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from drawing import page, save
from PIL import Image

from pipeline.cli import main
from pipeline.errors import ExitCode
from pipeline.evaluate import cer
from pipeline.pixels import Pixels
from pipeline.store import load_document
from pipeline.text import Level

pytestmark = pytest.mark.ocr

TEXT = (
    "Правительство согласно с предложением о",
    "созыве совещания. Прошу сообщить, когда",
    "оно состоится. Товарищ посол, как видно,",
    "был принят министром. О беседе, т.е. обо",
    "всем, что было сказано, донесу завтра.",
)
WHOLE = " ".join(TEXT)


def typed() -> Pixels:
    return page([(row, 150, 150 + 60 * number) for number, row in enumerate(TEXT)])


def transcribed(pixels: Pixels, folder: Path) -> str:
    path = save(pixels, folder / "scan.png")
    assert main(["run", str(path), "--out", str(folder / "out"), "--jobs", "1"]) == ExitCode.OK
    document = load_document(folder / "out" / "scan")
    return " ".join(line.raw for line in document.lines)


@pytest.mark.parametrize("quarters", [0, 1, 2, 3])
def test_a_page_reads_alike_at_every_quarter_turn(quarters: int, tmp_path: Path) -> None:
    text = transcribed(np.ascontiguousarray(np.rot90(typed(), quarters)), tmp_path)
    rate = cer(WHOLE, text, Level.TYPEWRITER).rate
    assert rate is not None
    assert rate < 0.05


def test_a_page_without_a_stop_is_turned_by_its_reading(tmp_path: Path) -> None:
    rows = ("Правительство согласно с предложением", "о созыве совещания в ближайшее время")
    upright = page([(row, 150, 150 + 60 * number) for number, row in enumerate(rows * 3)])
    text = transcribed(np.ascontiguousarray(np.rot90(upright, 2)), tmp_path)
    rate = cer(" ".join(rows * 3), text, Level.TYPEWRITER).rate
    assert rate is not None
    assert rate < 0.05


def test_letters_that_a_threshold_left_in_pieces_are_read(tmp_path: Path) -> None:
    pixels = typed().copy()
    pixels[np.arange(len(pixels)) % 7 < 2] = 255
    rate = cer(WHOLE, transcribed(pixels, tmp_path), Level.TYPEWRITER).rate
    assert rate is not None
    assert rate < 0.05


def test_look_shows_the_page_the_way_it_was_read(tmp_path: Path) -> None:
    rows = ("Правительство согласно с предложением", "о созыве совещания в ближайшее время")
    upright = page([(row, 150, 150 + 60 * number) for number, row in enumerate(rows)])
    scan = save(np.ascontiguousarray(np.rot90(upright, 2)), tmp_path / "scan.png")
    out = tmp_path / "look.png"
    assert main(["look", str(scan), "--out", str(out)]) == ExitCode.OK
    with Image.open(out) as picture:
        prepared = np.asarray(picture.convert("L"))[60:700, 1040:2030]
    # The two lines stand at the top of the page again.
    assert np.nonzero(prepared < 100)[0].mean() < 320


def photograph() -> Pixels:
    ys, xs = np.mgrid[0:900, 0:1200]
    waves = 128 + 60 * np.sin(xs / 90) + 50 * np.cos(ys / 70)
    grain = np.random.default_rng(1).normal(0, 12, waves.shape)
    grey = np.clip(waves + grain, 0, 255).astype(np.uint8)
    return np.stack([grey, 255 - grey, np.roll(grey, 100, axis=1)], axis=2)


ODD: dict[str, Callable[[], Pixels]] = {
    "blank": lambda: np.full((2339, 1654), 255, np.uint8),
    "black": lambda: np.zeros((2339, 1654), np.uint8),
    "photograph": photograph,
    "narrow": lambda: np.ascontiguousarray(typed()[:, 150:200]),
    "tall": lambda: np.concatenate([typed()] * 12)[:10000],
    "dot": lambda: np.zeros((1, 1), np.uint8),
}


@pytest.mark.parametrize("name", sorted(ODD))
def test_odd_scans_give_a_result_in_little_memory(name: str, tmp_path: Path) -> None:
    path = save(ODD[name](), tmp_path / f"{name}.png")
    done = subprocess.run(
        [sys.executable, "-c", _MEASURED, "run", path, "--out", tmp_path / "out", "--jobs", "1"],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == ExitCode.OK, done.stderr
    assert "Traceback" not in done.stderr
    document = load_document(tmp_path / "out" / name)
    assert len(document.pages) == 1
    if name in ("blank", "black", "dot", "photograph"):
        assert document.lines == ()
    peak = int(done.stdout.rsplit("peak ", 1)[1])
    assert peak < 1_500_000, f"{peak} kB"


_MEASURED = """
import resource, sys
from pipeline.cli import main
code = main(sys.argv[1:])
whose = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
print("peak", max(resource.getrusage(w).ru_maxrss for w in whose))
sys.exit(code)
"""


def test_look_draws_one_picture(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    scan, out = save(typed(), tmp_path / "scan.png"), tmp_path / "new" / "look.png"
    assert main(["look", str(scan), "--out", str(out)]) == ExitCode.OK
    said = capsys.readouterr().out
    assert f"{out}: {len(TEXT)} lines, 0 regions" in said
    assert "find-lines: leading 60.00, pitch 20" in said
    with Image.open(out) as picture:
        assert picture.width > 3000
        colours = np.asarray(picture.convert("RGB")).reshape(-1, 3)
    assert (colours == (0, 114, 178)).all(axis=1).sum() > 500  # the body's frames


@pytest.mark.parametrize(
    ("options", "code", "words"),
    [
        (["--page", "2"], ExitCode.USAGE, "has no page 2"),
        (["--out", "/proc/nowhere/look.png"], ExitCode.OUTPUT, "cannot be written"),
    ],
)
def test_look_says_what_is_wrong(
    options: list[str],
    code: ExitCode,
    words: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    scan = save(typed(), tmp_path / "scan.png")
    assert main(["look", str(scan), *options]) == code
    assert words in capsys.readouterr().err


def test_text_has_no_picture_to_look_at(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "raw.txt"
    path.write_text(WHOLE, encoding="utf-8")
    assert main(["look", str(path)]) == ExitCode.INPUT_UNREADABLE
    assert "there is no picture to look at" in capsys.readouterr().err


@pytest.mark.parametrize("shape", [(1, 20_000), (20_000, 1), (3, 4_000)])
def test_a_strip_of_pixels_is_a_page_without_lines(shape: tuple[int, int], tmp_path: Path) -> None:
    assert transcribed(np.full(shape, 200, np.uint8), tmp_path) == ""
