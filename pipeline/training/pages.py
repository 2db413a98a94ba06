"""Lines to learn from: pages are drawn, prepared and cut exactly as scans are read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import cv2
import numpy as np

from pipeline.alphabet import ALPHABET
from pipeline.config import Settings
from pipeline.facsimile.content import Content, Paper, Passage, Telegram
from pipeline.facsimile.damage import expose
from pipeline.facsimile.faces import find_faces
from pipeline.facsimile.form import head
from pipeline.facsimile.habits import draw_habits, struck_for_one, with_habits
from pipeline.facsimile.levels import Levels, draw_levels
from pipeline.facsimile.machine import Machine
from pipeline.facsimile.marks import mark_sheet
from pipeline.facsimile.prose import TIE
from pipeline.facsimile.random_content import ContentSpec, make_content
from pipeline.facsimile.scanner import encoded, move_for, scan, sensed
from pipeline.facsimile.sheet import Sheet
from pipeline.facsimile.streams import one, stream
from pipeline.facsimile.truth import page_truth
from pipeline.facsimile.typesetting import crossed_out, plan
from pipeline.layout import LineImage, find_lines
from pipeline.model import Box, LineKind
from pipeline.pixels import Pixels
from pipeline.preprocess import prepare
from pipeline.training.machines import draw_machine
from pipeline.training.texts import passage

_SEVERITIES = (0.15, 0.30, 0.30, 0.25)
_COARSE, _COARSE_DPI = 0.25, (92, 130)
"""Share of pages scanned as coarsely as pictures on the web, and how coarsely."""

_KINDS: tuple[tuple[float, ContentSpec], ...] = (
    (0.12, ContentSpec(kind="telegram")),
    (0.10, ContentSpec(kind="list")),
    (0.12, ContentSpec(kind="letter", figures=True)),
)
"""Share of pages made up as a whole; the others are typed full of passages."""

_CROSSED_OUT = 0.08
"""Share of lines in which a word is crossed out, more than typists do: it is hard to learn."""

_SPREAD = 0.02
"""Share of words of running text that are typed letter by letter apart."""

_LONGEST = 78
"""Signs of a line, at most: what is longer is a table of dots."""

_HANDWRITTEN = frozenset({str(LineKind.HANDWRITING), str(LineKind.STAMP), str(LineKind.NOISE)})


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """One line: ``pixels`` uint8 ``(48, W)``, black on white, and the ``text`` on it."""

    pixels: Pixels
    text: str


def samples(
    seed: int, corpus: Sequence[str], settings: Settings, *, held_out: bool = False
) -> Iterator[Sample]:
    """The lines of the page ``seed`` that were found whole, and of some that hold no type.

    ``corpus``: paragraphs of period text to type (may be empty: all is made up);
    ``held_out``: typed in faces that are never learned from.
    """
    pixels, truth = _drawn(seed, corpus, held_out=held_out)
    layout = find_lines(prepare(pixels, settings.preprocess), settings.layout)
    rows = [row for row in truth["pages"][0]["lines"] if row["text"]]
    typed = [(Box(**_sides(row)), row["text"]) for row in rows if row["kind"] not in _HANDWRITTEN]
    by_hand = [Box(**_sides(row)) for row in rows if row["kind"] in _HANDWRITTEN]
    rng = stream("bare", seed)
    for line in layout.lines:
        text = _text_of(line, typed, by_hand)
        # Bare paper, strokes and stamps read as nothing; a few of them will do.
        if text is None or (not text and rng.random() < 0.6):
            continue
        yield Sample(line.images[0].pixels, text)


def _sides(row: dict[str, list[int]]) -> dict[str, int]:
    return dict(zip(("left", "top", "right", "bottom"), row["box"], strict=True))


def _text_of(
    line: LineImage, typed: Sequence[tuple[Box, str]], by_hand: Sequence[Box]
) -> str | None:
    """What stands on ``line``; ``None`` where that cannot be said."""
    if len(line.images) > 1:
        return None
    box = line.box
    near = [(x, text) for x, text in typed if _overlap(box, x) > 0.25]
    if not near:
        return None if any(_overlap(box, x) > 0.05 for x in by_hand) else ""
    if len(near) > 1:
        return None
    there, text = near[0]
    cell = there.width / max(1, len(text))
    whole = box.left <= there.left + 0.4 * cell and box.right >= there.right - 0.4 * cell
    level = abs((box.top + box.bottom) - (there.top + there.bottom)) < 0.7 * there.height
    known = set(text) <= set(ALPHABET) and 0 < len(text) <= _LONGEST
    return text if whole and level and known else None


def _overlap(a: Box, b: Box) -> float:
    """Share of the lower of two boxes' height that both cover, 0 where they are not abreast."""
    across = min(a.right, b.right) - max(a.left, b.left)
    return a.beside(b) / min(a.height, b.height) if across > 0 else 0.0


def _drawn(seed: int, corpus: Sequence[str], *, held_out: bool) -> tuple[Pixels, dict[str, Any]]:
    """A page, and its truth."""
    rng = stream("training", seed)
    content = _content(seed, corpus, rng)
    sheets = plan(content, seed)
    planned = sheets[int(rng.integers(len(sheets)))]
    levels = _levels(rng)
    plain = Machine(
        face=None,  # type: ignore[arg-type]
        pitch=200 / content.pitch,
        levels=levels,
        rng=rng,
        ones=content.ones,
    )
    machine = draw_machine(plain, rng, held_out=held_out)
    sheet = Sheet(faces=find_faces(), machine=machine, rng=stream("marks", seed))
    form = isinstance(content, Telegram) and planned.number == 1
    if isinstance(content, Telegram) and form:
        head(sheet, content)
    for spot in planned.spots:
        crossed = spot.row.kind is LineKind.BODY and rng.random() < _CROSSED_OUT
        row = crossed_out(spot.row, rng) if crossed else spot.row
        sheet.type_row(replace(spot, row=row))
    mark_sheet(sheet, form=form)
    move = move_for(levels, rng)
    page = sensed(scan(expose(sheet, levels, rng), move, levels), levels, rng)
    _, data = encoded(page, levels)
    # As it comes back from its file: with the traces of its compression.
    read = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_GRAYSCALE)
    pixels = page if read is None else np.asarray(read, np.uint8)
    return pixels, page_truth(sheet.lines, [], move, "drawn to learn from")


def _levels(rng: np.random.Generator) -> Levels:
    levels = draw_levels(int(rng.choice(len(_SEVERITIES), p=_SEVERITIES)), rng)
    if rng.random() < _COARSE and not levels.one_bit:
        levels = replace(levels, dpi=int(rng.integers(*_COARSE_DPI)))
    if rng.random() < 0.3:
        # Clogged type by itself: a dirty machine on an otherwise good page.
        levels = replace(
            levels, clog=float(rng.uniform(0.2, 0.9)), spread=float(rng.uniform(0.2, 0.7))
        )
    return replace(levels, skew=levels.skew * float(rng.random()))


def _content(seed: int, corpus: Sequence[str], rng: np.random.Generator) -> Content:
    left = float(rng.random())
    for share, wish in _KINDS:
        left -= share
        if left < 0:
            return make_content(seed, wish)
    habits = draw_habits(rng)
    ones: Any = struck_for_one(habits)
    pitch = one(rng, (10, 10, 12))
    margin = int(rng.integers(100, 400))
    measure = int(rng.integers(700, max(701, 1580 - margin)))
    body: list[str | Passage] = []
    for _ in range(14):
        text = with_habits(_spread(passage(corpus, rng), rng), habits, rng)
        body.append(text)
    return Paper(
        head=(),
        body=tuple(body),
        tail=(),
        signed=False,
        pitch=pitch,
        leading=one(rng, (35, 35, 38, 42, 50, 67)),
        top=int(rng.integers(100, 300)),
        left=margin,
        measure=min(1500, measure),
        gap=one(rng, (0, 0, 0.4)),
        ones=ones,
        slips=True,
    )


def _spread(text: str, rng: np.random.Generator) -> str:
    """``text`` with a word here and there typed letter by letter apart."""
    words = text.split(" ")
    for place, word in enumerate(words):
        if 3 < len(word) < 12 and word.isalpha() and rng.random() < _SPREAD:
            words[place] = TIE.join(word)
    return " ".join(words)
