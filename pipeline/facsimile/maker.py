"""Facsimiles from a seed: pictures, and their truth to the pixel."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.errors import OutputError, UsageError
from pipeline.facsimile.content import Content, Telegram, read_source
from pipeline.facsimile.damage import expose
from pipeline.facsimile.faces import find_faces, typewriter
from pipeline.facsimile.form import foot, head
from pipeline.facsimile.handwriting import scribble
from pipeline.facsimile.levels import Levels, draw_levels
from pipeline.facsimile.machine import Machine
from pipeline.facsimile.marks import mark_sheet
from pipeline.facsimile.random_content import ContentSpec, make_content
from pipeline.facsimile.scanner import encoded, move_for, scan, sensed
from pipeline.facsimile.sheet import HEIGHT, WIDTH, Sheet
from pipeline.facsimile.streams import stream
from pipeline.facsimile.truth import body_text, fields_of, page_truth
from pipeline.facsimile.typesetting import SheetPlan, plan
from pipeline.model import LineKind
from pipeline.pixels import Pixels
from pipeline.resources.facsimile import Kind


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Facsimile:
    """One drawn page.

    ``pixels``: uint8 ``(H, W)`` grey or ``(H, W, 3)`` RGB, before compression. ``truth``: the
    JSON value of the ground-truth format; ``data``: the picture as it is written to a file
    with the suffix ``suffix``; ``levels``: what was done to the page.
    """

    pixels: Pixels
    truth: dict[str, Any]
    suffix: str
    data: bytes
    levels: Levels

    @property
    def body(self) -> str:
        """The body as typed, one line per typed line."""
        return body_text(self.truth)

    @property
    def truth_json(self) -> str:
        """The truth as it is written to ``STEM.gt.json``."""
        return json.dumps(self.truth, ensure_ascii=False, indent=1) + "\n"


def make_facsimiles(
    out: Path, *, source: Path | None = None, severity: int, seed: int, count: int,
    kind: Kind = "telegram",
) -> tuple[Path, ...]:  # fmt: skip
    """Draw ``count`` documents into ``out`` and give the pictures' paths.

    Beside each ``facsimile-sSEVERITY-SEED.jpg`` (a scan in black and white: ``.png`` or
    ``.tif``) stand its ``.gt.txt`` and ``.gt.json``; a body too long for one sheet goes on in
    ``...-p2``. Severity 0 to 3. The same arguments give the same pictures, where the same
    fonts are installed.

    Raises:
        DependencyMissingError: a font is not installed.
        OutputError: ``out`` cannot be written.
        UsageError: there is no such severity; ``source`` describes a telegram, and ``kind``
            is another.
        InputMissingError, InputUnreadableError, ConfigError: as for ``read_source``.

    """
    paths: list[Path] = []
    for number in range(seed, seed + count):
        for page, made in enumerate(draw_facsimile(source, severity, number, kind), start=1):
            suffix = "" if page == 1 else f"-p{page}"
            paths.append(write_facsimile(out, f"facsimile-s{severity}-{number}{suffix}", made))
    return tuple(paths)


def draw_facsimile(
    source: Path | None, severity: int, seed: int, kind: Kind = "telegram"
) -> list[Facsimile]:
    """The sheets of one document, in memory.

    ``source``: a TOML description of a telegram or a text to type (see ``read_source``),
    ``None``: all is random. ``severity`` 0 to 3; any integer is a ``seed``. The content
    depends on the seed alone, so that one document can be had at every severity. Raises as
    ``make_facsimiles``.
    """
    given = read_source(source) if source else None
    if isinstance(given, Telegram):
        if kind != "telegram":
            raise UsageError("--kind", f"{source} describes a telegram, not a {kind}")
        content: Content = given
    else:
        content = make_content(seed, ContentSpec(kind=kind, body=given))
    return draw(content, severity, seed)


def draw(content: Content, severity: int, seed: int) -> list[Facsimile]:
    """Draw all sheets of ``content`` with the damage of ``severity`` and ``seed``."""
    sheets = plan(content, seed)
    return [draw_sheet(content, sheets, number, severity, seed) for number in range(len(sheets))]


def draw_sheet(
    content: Content, sheets: Sequence[SheetPlan], index: int, severity: int, seed: int
) -> Facsimile:
    """Draw the sheet ``sheets[index]`` of ``content``; it does not depend on the others."""
    number = sheets[index].number

    def rng_for(purpose: str) -> Any:
        return stream(purpose, seed, max(severity, 0), number)

    levels = levels_of(severity, seed, number)
    machine = Machine(
        face=typewriter(content.typewriter),
        pitch=200 / content.pitch,
        levels=levels,
        rng=rng_for("machine"),
        ones=content.ones,
    )
    sheet = Sheet(faces=find_faces(), machine=machine, rng=rng_for("marks"))
    _type(sheet, content, sheets[index])
    form = isinstance(content, Telegram) and number == 1
    mark_sheet(sheet, form=form)
    move = move_for(levels, rng_for("place"))
    page = scan(expose(sheet, levels, rng_for("paper")), move, levels)
    pixels = sensed(page, levels, rng_for("sensor"))
    words = f"facsimile drawn by depesha: severity {severity}, seed {seed}, sheet {number}"
    fields = fields_of(content) if isinstance(content, Telegram) and number == 1 else []
    truth = page_truth(sheet.lines, fields, move, words)
    suffix, data = encoded(pixels, levels)
    return Facsimile(pixels=pixels, truth=truth, suffix=suffix, data=data, levels=levels)


def levels_of(severity: int, seed: int, number: int) -> Levels:
    """The damage of sheet ``number`` of the document ``seed``.

    Raises:
        UsageError: there is no such severity.

    """
    return draw_levels(severity, stream("levels", seed, max(severity, 0), number))


def _type(sheet: Sheet, content: Content, planned: SheetPlan) -> None:
    if isinstance(content, Telegram) and planned.number == 1:
        head(sheet, content)
    for spot in planned.spots:
        sheet.type_row(spot)
    if not planned.last:
        return
    if isinstance(content, Telegram):
        last = planned.spots[-1].y if planned.spots else 0.0
        foot(sheet, content, last)
        scribble(sheet, WIDTH * 0.62, HEIGHT - 39 - sheet.rng.uniform(70, 100))
    elif content.signed:
        signature = [s for s in planned.spots if s.row.kind is LineKind.SIGNATURE]
        if signature:
            scribble(sheet, WIDTH * 0.45, signature[-1].y + sheet.rng.uniform(-14, 4))


def write_facsimile(out: Path, stem: str, made: Facsimile) -> Path:
    """Write ``made`` and its truth to ``out`` under the name ``stem``; gives the picture's path.

    Raises:
        OutputError: ``out`` cannot be written.

    """
    path = out / f"{stem}{made.suffix}"
    try:
        out.mkdir(parents=True, exist_ok=True)
        path.write_bytes(made.data)
        (out / f"{stem}.gt.txt").write_text(made.body, encoding="utf-8")
        (out / f"{stem}.gt.json").write_text(made.truth_json, encoding="utf-8")
    except OSError as error:
        raise OutputError(path, f"cannot be written: {error.strerror or error}") from error
    return path
