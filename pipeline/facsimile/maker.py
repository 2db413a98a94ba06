"""Facsimiles from a seed: pictures, and their truth to the pixel."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from pipeline.errors import OutputError
from pipeline.facsimile.content import Telegram, load_content
from pipeline.facsimile.damage import expose
from pipeline.facsimile.faces import find_faces, typewriter
from pipeline.facsimile.form import Row, fields_of, first_sheet, foot, next_sheet, pages_of
from pipeline.facsimile.levels import draw_levels
from pipeline.facsimile.marks import mark_sheet, scribble
from pipeline.facsimile.sheet import WIDTH, Sheet
from pipeline.facsimile.strike import Machine
from pipeline.facsimile.truth import body_text, page_truth
from pipeline.facsimile.warp import move_for, scan
from pipeline.pixels import Pixels

_DPI = 200


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Facsimile:
    """One drawn page.

    ``pixels``: uint8 ``(H, W)`` grey or ``(H, W, 3)`` RGB, before JPEG. ``truth``: the JSON
    value of the ground-truth format; ``jpeg``: the picture as it is written to a file.
    """

    pixels: Pixels
    truth: dict[str, Any]
    jpeg: bytes

    @property
    def body(self) -> str:
        """The body as typed, one line per typed line."""
        return body_text(self.truth)

    @property
    def truth_json(self) -> str:
        """The truth as it is written to ``STEM.gt.json``."""
        return json.dumps(self.truth, ensure_ascii=False, indent=1) + "\n"


def make_facsimiles(
    out: Path, *, source: Path | None = None, severity: int, seed: int, count: int
) -> tuple[Path, ...]:
    """Draw ``count`` telegrams into ``out`` and give the pictures' paths.

    Beside each ``facsimile-sSEVERITY-SEED.jpg`` stand its ``.gt.txt`` and ``.gt.json``; a
    body too long for one sheet goes on in ``...-p2.jpg``. Severity 0 to 3. The same
    arguments give the same pictures, where the same fonts are installed.

    Raises:
        DependencyMissingError: a font is not installed.
        OutputError: ``out`` cannot be written.
        UsageError: there is no such severity.
        InputMissingError, InputUnreadableError, ConfigError: as for ``load_content``.

    """
    paths: list[Path] = []
    for number in range(seed, seed + count):
        for page, made in enumerate(draw_facsimile(source, severity, number), start=1):
            suffix = "" if page == 1 else f"-p{page}"
            paths.append(_write(out, f"facsimile-s{severity}-{number}{suffix}", made))
    return tuple(paths)


def draw_facsimile(source: Path | None, severity: int, seed: int) -> list[Facsimile]:
    """The sheets of one telegram, in memory; ``source`` as for ``load_content``.

    ``severity`` 0 to 3; any integer is a ``seed``. The content depends on the seed alone,
    so that one telegram can be had at every severity. Raises as ``make_facsimiles``.
    """
    content = load_content(source, np.random.default_rng([20261124, seed % 2**63]))
    rng = np.random.default_rng([20261125, seed % 2**63, max(severity, 0)])
    pages = pages_of(content, _DPI / content.pitch)
    return [
        _page(content, pages, number, (severity, seed), rng) for number in range(1, len(pages) + 1)
    ]


def _page(
    content: Telegram,
    pages: Sequence[Sequence[Row]],
    number: int,
    how: tuple[int, int],
    rng: np.random.Generator,
) -> Facsimile:
    severity, seed = how
    levels = draw_levels(severity, rng)
    machine = Machine(
        face=typewriter(content.typewriter), pitch=_DPI / content.pitch, levels=levels, rng=rng
    )
    sheet = Sheet(faces=find_faces(), machine=machine, rng=rng)
    rows = pages[number - 1]
    if number == 1:
        last = first_sheet(sheet, content, rows)
    else:
        last = next_sheet(sheet, number, content, rows)
    if number == len(pages):
        foot(sheet, content, last)
        scribble(sheet, WIDTH * 0.62, 2300 - rng.uniform(70, 100))
    mark_sheet(sheet, form=number == 1)
    move = move_for(levels, rng)
    pixels = scan(expose(sheet, levels, rng), move, levels)
    words = f"facsimile drawn by depesha: severity {severity}, seed {seed}, sheet {number}"
    truth = page_truth(sheet.lines, fields_of(content) if number == 1 else [], move, words)
    return Facsimile(pixels=pixels, truth=truth, jpeg=_jpeg(pixels, levels.quality))


def _jpeg(pixels: Pixels, quality: int) -> bytes:
    stream = io.BytesIO()
    dpi = round(_DPI * pixels.shape[1] / WIDTH)
    Image.fromarray(pixels).save(stream, "JPEG", quality=quality, dpi=(dpi, dpi), optimize=True)
    return stream.getvalue()


def _write(out: Path, stem: str, made: Facsimile) -> Path:
    path = out / f"{stem}.jpg"
    try:
        out.mkdir(parents=True, exist_ok=True)
        path.write_bytes(made.jpeg)
        (out / f"{stem}.gt.txt").write_text(made.body, encoding="utf-8")
        (out / f"{stem}.gt.json").write_text(made.truth_json, encoding="utf-8")
    except OSError as error:
        raise OutputError(path, f"cannot be written: {error.strerror or error}") from error
    return path
