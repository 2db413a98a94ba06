"""Facsimiles: the same from the same seed, and true to the pixel."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import (
    ConfigError,
    DependencyMissingError,
    InputMissingError,
    InputUnreadableError,
)
from pipeline.facsimile import draw_facsimile, faces, find_faces, make_facsimiles
from pipeline.facsimile.line_breaking import typed_lines
from pipeline.ground_truth import load_truth


def test_the_same_seed_gives_the_same_page() -> None:
    one, two = draw_facsimile(None, 2, 7)[0], draw_facsimile(None, 2, 7)[0]
    other = draw_facsimile(None, 2, 8)[0]
    assert one.data == two.data
    assert one.truth == two.truth
    assert one.data != other.data


@pytest.mark.parametrize("severity", [0, 3])
def test_every_line_of_the_truth_has_ink_in_its_box(severity: int, root: Path) -> None:
    (made,) = draw_facsimile(root / "config" / "facsimile" / "roshchin.toml", severity, 5)
    paper = np.median(made.pixels)
    for row in made.truth["pages"][0]["lines"]:
        left, top, right, bottom = row["box"]
        part = made.pixels[top:bottom, left:right]
        # A stroke is a thin line in a large box, and may be faint pencil.
        share, darker = (4, 30) if row["text"] else (0.5, 20)
        assert np.percentile(part, share) < paper - darker, row["text"]


def test_the_body_is_what_was_asked_for(tmp_path: Path) -> None:
    text = "Правительство просит ускорить ответ.\nОн нужен к первому мая."
    source = tmp_path / "body.txt"
    source.write_text(text, encoding="utf-8")
    (path,) = make_facsimiles(tmp_path / "out", source=source, severity=0, seed=1, count=1)
    truth = load_truth(path.parent / f"{path.stem}.gt.json")
    assert truth.text.split() == text.split()
    assert {"origin", "date", "copy_list"} <= {f.name for f in truth.fields}


def test_a_long_body_goes_on_over_the_page(tmp_path: Path) -> None:
    source = tmp_path / "body.txt"
    source.write_text("Правительство просит ускорить ответ. " * 60, encoding="utf-8")
    made = draw_facsimile(source, 1, 3)
    words = " ".join(page.body for page in made).replace("-\n", "").split()
    assert len(made) == 2
    assert sum(w.startswith("ускорить") for w in words) == 60


def test_damage_grows_with_severity() -> None:
    # Contrast over noise: a photocopier hardens the greys, so contrast alone does not fall.
    clearness = []
    for severity in range(4):
        pixels = draw_facsimile(None, severity, 11)[0].pixels
        grey = pixels if pixels.ndim == 2 else pixels.mean(axis=2).astype(np.uint8)
        contrast = float(np.percentile(grey, 60)) - float(np.percentile(grey, 1))
        noise = np.diff(grey.astype(np.float32), axis=1)
        clearness.append(contrast / float(np.percentile(np.abs(noise), 75)))
    assert clearness == sorted(clearness, reverse=True)
    assert clearness[0] > 3 * clearness[3]


def test_bad_sources_are_named(tmp_path: Path) -> None:
    broken, empty = tmp_path / "a.toml", tmp_path / "b.txt"
    broken.write_text("origin = 3", encoding="utf-8")
    empty.write_text(" \n", encoding="utf-8")
    for source, error in (
        (broken, ConfigError),
        (empty, InputUnreadableError),
        (tmp_path / "none.txt", InputMissingError),
    ):
        with pytest.raises(error, match=source.name):
            draw_facsimile(source, 0, 1)


def test_a_missing_face_names_its_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(faces, "font_files", dict)
    with pytest.raises(DependencyMissingError, match="fonts-gnutypewriter"):
        find_faces()


@given(st.text(alphabet="абвгеёиоуыэюяьйтснр .,-", max_size=300), st.integers(20, 62))
def test_typed_lines_lose_nothing(text: str, width: int) -> None:
    lines = typed_lines(text, width, 5)
    assert all(len(line) <= width for line in lines)
    joined = "".join(lines).replace("-", "").replace(" ", "")
    assert joined == text.replace("-", "").replace(" ", "")
