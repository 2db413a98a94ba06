"""Facsimiles from a seed: pictures, and their truth to the pixel."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from pipeline.errors import OutputError, UsageError
from pipeline.facsimile.binding import shaded, with_next_sheet
from pipeline.facsimile.content import (
    Content,
    Paper,
    Questionnaire,
    Spread,
    Telegram,
    read_source,
)
from pipeline.facsimile.damage import expose
from pipeline.facsimile.faces import find_faces, typewriter
from pipeline.facsimile.form import foot, head
from pipeline.facsimile.handwriting import scribble, write_in
from pipeline.facsimile.levels import Levels, draw_levels
from pipeline.facsimile.machine import OVERSAMPLING, Machine
from pipeline.facsimile.marks import mark_sheet
from pipeline.facsimile.questionnaire import fill_in, sign
from pipeline.facsimile.random_content import ContentSpec, make_content
from pipeline.facsimile.ribbon import RibbonWear
from pipeline.facsimile.rows import SheetPlan
from pipeline.facsimile.scanner import encoded, move_for, scan, sensed
from pipeline.facsimile.sheet import HEIGHT, WIDTH, Sheet
from pipeline.facsimile.streams import one, stream
from pipeline.facsimile.traits import Binding, Traits, agreeing, draw_traits
from pipeline.facsimile.truth import body_text, fields_of, page_truth
from pipeline.facsimile.typesetting import plan
from pipeline.facsimile.watermark import marked
from pipeline.model import LineKind
from pipeline.pixels import Pixels
from pipeline.resources.facsimile import Kind, Trait


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
    kind: Kind = "telegram", traits: tuple[Trait, ...] = (),
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
        drawn = draw_facsimile(source, severity, number, kind, traits)
        for page, made in enumerate(drawn, start=1):
            suffix = "" if page == 1 else f"-p{page}"
            paths.append(write_facsimile(out, f"facsimile-s{severity}-{number}{suffix}", made))
    return tuple(paths)


def draw_facsimile(
    source: Path | None,
    severity: int,
    seed: int,
    kind: Kind = "telegram",
    traits: tuple[Trait, ...] = (),
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
        content = make_content(seed, ContentSpec(kind=kind, body=given, traits=traits))
    return draw(content, severity, seed)


def draw(content: Content, severity: int, seed: int) -> list[Facsimile]:
    """Draw all sheets of ``content`` with the damage of ``severity`` and ``seed``."""
    sheets = plan(content, seed)
    return [draw_sheet(content, sheets, number, severity, seed) for number in range(len(sheets))]


def draw_sheet(
    content: Content, sheets: Sequence[SheetPlan], index: int, severity: int, seed: int
) -> Facsimile:
    """Draw the sheet ``sheets[index]`` of ``content``; it does not depend on the others."""
    planned = sheets[index]
    number = planned.number

    def rng_for(purpose: str) -> np.random.Generator:
        return stream(purpose, seed, max(severity, 0), number)

    traits = draw_traits(content.traits, severity, seed, number)
    levels = agreeing(levels_of(severity, seed, number), traits)
    sides = _sides(content, planned)
    made = [_typed(side, levels, traits, _prefixed(rng_for, place))
            for place, side in enumerate(sides)]  # fmt: skip
    pages = [
        expose(sheet, levels, _prefixed(rng_for, place)("paper"), traits.carbon)
        for place, sheet in enumerate(made)
    ]
    if traits.next_sheet:
        pages[-1] = with_next_sheet(pages[-1], traits.next_sheet, rng_for("next sheet"))
    page = np.hstack(pages) if len(pages) > 1 else pages[0]
    spine = cut = 0.0
    if traits.binding is not None:
        spine = _spine(traits.binding, made)
        cut = max(0.0, spine - traits.binding.shown) if len(pages) == 1 else 0.0
        page = shaded(page, traits.binding, spine)
    move = move_for(
        levels,
        rng_for("place"),
        across=page.shape[1],
        binding=traits.binding,
        spine=spine,
        cut=cut,
    )
    pixels = sensed(scan(page, move, levels), levels, rng_for("sensor"))
    if traits.watermark:
        pixels = marked(pixels, traits.watermark, made[0].faces, rng_for("watermark"))
    words = f"facsimile drawn by depesha: severity {severity}, seed {seed}, sheet {number}"
    lines = [line.moved(WIDTH * place) for place, sheet in enumerate(made) for line in sheet.lines]
    truth = page_truth(lines, fields_of(content, number, last=planned.last), move, words)
    suffix, data = encoded(pixels, levels)
    return Facsimile(pixels=pixels, truth=truth, suffix=suffix, data=data, levels=levels)


def _spine(binding: Binding, sheets: Sequence[Sheet]) -> float:
    """The column of the binding: between two sheets, or left of a single one's lines."""
    if len(sheets) > 1:
        return float(WIDTH)
    lines = [x for x in sheets[0].lines if x.kind is not LineKind.HANDWRITING and x.baseline]
    first = min((rect[0] for line in lines for rect in line.rects), default=0.0)
    return max(0.0, first - binding.margin)


Streams = Callable[[str], np.random.Generator]
"""The stream of chance for a purpose."""


def _prefixed(rng_for: Streams, place: int) -> Streams:
    """The streams of the sheet at ``place`` on the scan; the first has those of the page."""
    return rng_for if place == 0 else lambda purpose: rng_for(f"{purpose} {place}")


def _sides(content: Content, planned: SheetPlan) -> list[tuple[Content, SheetPlan]]:
    """What is on each sheet of the scan, from the left."""
    if isinstance(content, Spread):
        assert planned.facing is not None  # noqa: S101  plan() sets two sheets
        return [(content.left, planned), (content.right, planned.facing)]
    return [(content, planned)]


def _typed(
    side: tuple[Content, SheetPlan], levels: Levels, traits: Traits, rng_for: Streams
) -> Sheet:
    """One sheet with all that is on it."""
    content, planned = side
    pitch = 200 / content.pitch
    machine = Machine(
        face=typewriter(content.typewriter),
        pitch=pitch,
        levels=levels,
        rng=rng_for("machine"),
        ones=content.ones,
    )
    second = None
    if content.second:
        rng = rng_for("second machine")
        # Another ribbon, another touch; a larger pitch would run off the sheet.
        second = Machine(
            face=typewriter(content.second),
            pitch=min(pitch, 200 / one(rng, (10, 12))),
            levels=replace(levels, ink=float(np.clip(levels.ink + rng.normal(0, 0.1), 0.5, 1.0))),
            rng=rng,
        )
    for each in (machine, second):
        if each is not None and traits.ribbon is not None:
            # Small letters are about 0.9 of a letter's width high.
            high = 0.9 * each.pitch * OVERSAMPLING
            each.wear = RibbonWear(ribbon=traits.ribbon, high=high, rng=rng_for("ribbon"))
    sheet = Sheet(faces=find_faces(), machine=machine, rng=rng_for("marks"), second=second)
    _type(sheet, content, planned, traits.off_lines)
    form = isinstance(content, Telegram | Questionnaire) and planned.number == 1
    mark_sheet(sheet, form=form)
    return sheet


def levels_of(severity: int, seed: int, number: int) -> Levels:
    """The damage of sheet ``number`` of the document ``seed``.

    Raises:
        UsageError: there is no such severity.

    """
    return draw_levels(severity, stream("levels", seed, max(severity, 0), number))


def _type(sheet: Sheet, content: Content, planned: SheetPlan, off_lines: float) -> None:
    if isinstance(content, Telegram) and planned.number == 1:
        head(sheet, content)
    if isinstance(content, Questionnaire) and planned.number == 1:
        fill_in(sheet, content, off_lines)
    for spot in planned.spots:
        sheet.type_row(spot)
        write_in(sheet, spot)
    if not planned.last:
        return
    if isinstance(content, Telegram):
        last = planned.spots[-1].y if planned.spots else 0.0
        foot(sheet, content, last)
        scribble(sheet, WIDTH * 0.62, HEIGHT - 39 - sheet.rng.uniform(70, 100))
    elif isinstance(content, Questionnaire):
        last = planned.spots[-1].y
        sign(sheet, content, last)
        scribble(sheet, WIDTH * 0.33, last + 120 + sheet.rng.uniform(-14, 14))
    elif isinstance(content, Paper) and content.signed:
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
