"""Facsimiles from a seed: pictures, and their truth to the pixel."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from PIL import Image

from pipeline.config import table
from pipeline.errors import OutputError
from pipeline.facsimile.content import load_content
from pipeline.facsimile.damage import Move, expose, warp
from pipeline.facsimile.faces import Ink, find_faces
from pipeline.facsimile.form import body_lines, fields_of, first_sheet, foot, next_sheet, pages_of
from pipeline.facsimile.marks import scribble, stamp, stroke
from pipeline.facsimile.sheet import HEIGHT, WIDTH, Hand, Placed, Sheet
from pipeline.model import LineKind
from pipeline.pixels import Pixels


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Facsimile:
    """One drawn page: ``pixels`` uint8 ``(H, W)``, truth (ground-truth format), and JPEG."""

    pixels: Pixels
    truth: dict[str, Any]
    jpeg: bytes

    @property
    def body(self) -> str:
        """The body as typed, one line per typed line."""
        rows = self.truth["pages"][0]["lines"]
        return "".join(f"{row['text']}\n" for row in rows if row["kind"] == LineKind.BODY)


def make_facsimiles(
    out: Path, *, source: Path | None, severity: int, seed: int, count: int
) -> tuple[Path, ...]:
    """Draw ``count`` telegrams into ``out`` and give the pictures' paths.

    Beside each ``facsimile-sSEVERITY-SEED.jpg`` stand its ``.gt.txt`` and ``.gt.json``; a
    body too long for one sheet goes on in ``...-p2.jpg``. Severity 0 to 3. The same
    arguments give the same pictures.

    Raises:
        DependencyMissingError: a font is not installed.
        OutputError: ``out`` cannot be written.

    """
    paths: list[Path] = []
    for number in range(seed, seed + count):
        for page, made in enumerate(draw_facsimile(source, severity, number), start=1):
            suffix = "" if page == 1 else f"-p{page}"
            paths.append(_write(out, f"facsimile-s{severity}-{number}{suffix}", made))
    return tuple(paths)


def draw_facsimile(source: Path | None, severity: int, seed: int) -> list[Facsimile]:
    """The sheets of one telegram; ``source`` as for ``load_content``, ``severity`` 0 to 3."""
    rng = np.random.default_rng([20261124, seed])
    telegram = load_content(source, rng)
    levels: Mapping[str, float] = table("facsimile")["severity"][severity]
    hand = Hand(**{key: float(levels[key]) for key in ("jitter", "ink", "uneven", "clog")})
    pages = pages_of(body_lines(telegram))
    made: list[Facsimile] = []
    for number, rows in enumerate(pages, start=1):
        sheet = Sheet(faces=find_faces(), hand=hand, rng=rng)
        if number == 1:
            first_sheet(sheet, telegram, rows)
        else:
            next_sheet(sheet, number, rows)
        if number == len(pages):
            foot(sheet, telegram)
        ink = _inked(sheet, levels, form=number == 1)
        pixels, move = warp(expose(ink, levels, rng), levels, rng)
        jpeg = _jpeg(pixels, int(levels["quality"]))
        fields = fields_of(telegram) if number == 1 else []
        words = f"facsimile drawn by depesha: severity {severity}, seed {seed}, sheet {number}"
        made.append(
            Facsimile(
                pixels=pixels, truth=_truth(sheet.lines, fields, move, pixels, words), jpeg=jpeg
            )
        )
    return made


def _inked(sheet: Sheet, levels: Mapping[str, float], *, form: bool) -> Ink:
    canvas = np.maximum(sheet.typed, sheet.printed)
    if form:
        for kind in range(int(levels["stamps"])):
            stamp(sheet, canvas, kind)
        for _ in range(int(levels["strokes"])):
            stroke(sheet, canvas, 0.05, 0.42)
        scribble(sheet, canvas, 850, 240)
    for _ in range(int(levels["body_strokes"])):
        stroke(sheet, canvas, 0.46, 0.85)
    scribble(sheet, canvas, 1000, 2120)
    small = cv2.resize(canvas, (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA)
    return np.asarray(small, np.float32)


def _jpeg(pixels: Pixels, quality: int) -> bytes:
    stream = io.BytesIO()
    dpi = round(200 * pixels.shape[1] / WIDTH)
    Image.fromarray(pixels).save(stream, "JPEG", quality=quality, dpi=(dpi, dpi), optimize=True)
    return stream.getvalue()


def _truth(
    lines: list[Placed], fields: list[dict[str, object]], move: Move, pixels: Pixels, source: str
) -> dict[str, Any]:
    height, width = pixels.shape
    rows = [
        {
            "text": line.text,
            "kind": line.kind,
            "box": _box(line, move, width, height),
            "baseline": [
                [round(v, 1) for v in move(x, line.baseline)] for x in (line.box[0], line.box[2])
            ],
            "raw": None,
            "starts_paragraph": line.starts_paragraph,
        }
        for line in lines
    ]
    return {
        "format": "depesha-truth",
        "version": 1,
        "source": source,
        "text_kinds": [LineKind.BODY],
        "pages": [{"number": 1, "width": width, "height": height, "lines": rows}],
        "fields": fields,
    }


def _box(line: Placed, move: Move, width: int, height: int) -> list[int]:
    left, top, right, bottom = line.box
    # Also the middle: a curled line is highest or lowest there.
    corners = [move(x, y) for x in (left, (left + right) / 2, right) for y in (top, bottom)]
    xs, ys = [c[0] for c in corners], [c[1] for c in corners]
    return [
        max(0, int(min(xs))),
        max(0, int(min(ys))),
        min(width, int(max(xs)) + 1),
        min(height, int(max(ys)) + 1),
    ]


def _write(out: Path, stem: str, made: Facsimile) -> Path:
    path = out / f"{stem}.jpg"
    try:
        out.mkdir(parents=True, exist_ok=True)
        path.write_bytes(made.jpeg)
        (out / f"{stem}.gt.txt").write_text(made.body, encoding="utf-8")
        data = json.dumps(made.truth, ensure_ascii=False, indent=1)
        (out / f"{stem}.gt.json").write_text(data + "\n", encoding="utf-8")
    except OSError as error:
        raise OutputError(path, f"cannot be written: {error.strerror or error}") from error
    return path
