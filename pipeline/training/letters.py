"""Letters cut out of lines whose text is known, machine by machine, to set other lines with.

Where the letters of a line stand the network itself says (the likeliest path that reads as the
text); a typewriter puts them on a grid, so the path is checked by the pitch, and each letter is cut
where there is least ink near the edges of its cell. Cut-out letters stay in memory while the
network is trained; none is written down.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.ocr.ctc import LogProbs, segment
from pipeline.ocr.typewriter import HEIGHT, STEP
from pipeline.pixels import Pixels
from pipeline.training.line_texts import Texts
from pipeline.training.pages import Sample

_OFF_GRID = 0.3
"""Share of a cell by which a letter may stand off its word's grid and still be cut out."""

_SHIFTS = np.linspace(-0.35, 0.35, 15)
"""Of a line's grid against where the network saw its letters, in cells: what is tried."""

_NEAR = 0.2
"""Share of a cell within which a letter's edge is moved to where there is least ink."""

_LEAST, _LEAST_MARK = 18.0, 2.5
"""Pixels full of ink, fewer than which are no letter or figure, and no other sign."""

_FEWEST = 60
"""Letters of a machine, fewer than which make no line."""

_TWINS = dict(zip("ABCEHKMOPTXI", "АВСЕНКМОРТХ1", strict=True))
"""Latin capitals that look like Russian ones (and the figure that looks like one), for want."""


@dataclass(frozen=True, slots=True, eq=False)
class Letter:
    """``ink`` uint8 ``(48, w)``, 255 black; ``left``: of its cell's middle, in pixels."""

    ink: Pixels
    left: float


@dataclass(slots=True, eq=False)
class Machine:
    """The letters of one machine: of each sign some, as struck; ``pitch`` pixels a cell."""

    name: str
    pitch: float = 12.0
    dark: float = 25.0
    letters: dict[str, list[Letter]] = field(default_factory=dict)

    def has(self, sign: str) -> bool:
        """Whether the sign was cut out."""
        return sign in self.letters


@dataclass(frozen=True, slots=True, eq=False)
class Known:
    """A line with its text and what the network made of it; ``machine``: its document's name."""

    sample: Sample
    log_probs: LogProbs
    machine: str


def machines_of(lines: Iterable[Known], most: int = 40) -> list[Machine]:
    """The machines of ``lines``, each sign at most ``most`` times, the first that come."""
    groups: dict[str, list[Known]] = defaultdict(list)
    for line in lines:
        groups[line.machine].append(line)
    found: list[Machine] = []
    for name, group in sorted(groups.items()):
        machine = Machine(name)
        pitches = []
        for line in group:
            pitch, cut = cut_out(line.sample, line.log_probs)
            if cut:
                pitches.append(pitch)
            for sign, letter in cut:
                same = machine.letters.setdefault(sign, [])
                if len(same) < most:
                    same.append(letter)
        if pitches and sum(map(len, machine.letters.values())) >= _FEWEST:
            machine.pitch = float(np.median(pitches))
            machine.dark = _darkness(machine)
            found.append(machine)
    return found


def _darkness(machine: Machine) -> float:
    """Mean ink of the machine's small letters."""
    inks = [x.ink.mean() for sign, same in machine.letters.items() if sign.islower() for x in same]
    return float(np.mean(inks)) if inks else 25.0


def cut_out(sample: Sample, log_probs: LogProbs) -> tuple[float, list[tuple[str, Letter]]]:
    """The line's pitch in pixels, and its letters; none where they stand on no grid."""
    spans = segment(log_probs, sample.text)
    if not spans or len(sample.text) < 5:
        return 0.0, []
    middles = (np.array(spans, np.float64).mean(axis=1) + 0.5) * STEP
    words = _words(sample.text)
    gaps = [np.diff(middles[a:b]) for a, b in words if b - a > 1]
    if not gaps or len(np.concatenate(gaps)) < 4:
        return 0.0, []
    pitch = _pitch([middles[a:b] for a, b in words])
    ink = 255 - sample.pixels
    columns = ink.astype(np.float64).sum(axis=0)
    placed = [(a, b, _grid(middles[a:b], pitch)) for a, b in words]
    shift = _best_shift(placed, columns, pitch)
    found: list[tuple[str, Letter]] = []
    for a, b, begin in placed:
        at = begin + pitch * np.arange(b - a)
        off = np.abs(middles[a:b] - at) > _OFF_GRID * pitch
        if off.mean() > 0.3:
            continue
        edges = [
            _least(columns, begin + shift * pitch + pitch * (n - 0.5), _NEAR * pitch)
            for n in range(b - a + 1)
        ]
        for n in range(b - a):
            left, right = edges[n], edges[n + 1]
            sign = sample.text[a + n]
            if off[n] or right - left < 3 or left < 0 or right > ink.shape[1]:
                continue
            piece = np.ascontiguousarray(ink[:, left:right])
            if piece.sum() < 255 * (_LEAST if sign.isalnum() else _LEAST_MARK):
                continue
            middle = begin + shift * pitch + pitch * n
            found.append((sign, Letter(piece, left - middle)))
        # The paper between two words, where one blank stands there.
        if b < len(sample.text) and found:
            left = edges[-1]
            right = left + round(pitch)
            if right <= ink.shape[1] and columns[left + 1 : right - 1].max(initial=0) < 255 * 3:
                found.append((" ", Letter(np.ascontiguousarray(ink[:, left:right]), -pitch / 2)))
    return pitch, found


def _words(text: str) -> list[tuple[int, int]]:
    words, first = [], 0
    for part in text.split(" "):
        if part:
            words.append((first, first + len(part)))
        first += len(part) + 1
    return words


def _pitch(words: Sequence[NDArray[np.float64]]) -> float:
    """Pixels a cell: the slope that the words have in common."""
    above = below = 0.0
    for middles in words:
        n = np.arange(len(middles)) - (len(middles) - 1) / 2
        above += float((n * middles).sum())
        below += float((n * n).sum())
    return above / below


def _grid(middles: NDArray[np.float64], pitch: float) -> float:
    """Where the first cell of a word has its middle."""
    return float(np.median(middles - pitch * np.arange(len(middles))))


def _best_shift(
    placed: Sequence[tuple[int, int, float]], columns: NDArray[np.float64], pitch: float
) -> float:
    """The shift of the grid, in cells, with which its edges meet the least ink."""
    edges = np.concatenate([b + pitch * (np.arange(z - a + 1) - 0.5) for a, z, b in placed])
    costs = []
    for shift in _SHIFTS:
        at = np.clip(np.rint(edges + shift * pitch).astype(int), 0, len(columns) - 1)
        costs.append(columns[at].mean() * (1 + 0.3 * abs(shift)))
    return float(_SHIFTS[int(np.argmin(costs))])


def _least(columns: NDArray[np.float64], at: float, near: float) -> int:
    low = max(0, round(at - near))
    high = min(len(columns), round(at + near) + 1)
    if high <= low:
        return int(np.clip(round(at), 0, len(columns)))
    cost = columns[low:high] + 12.0 * np.abs(np.arange(low, high) - at)
    return low + int(np.argmin(cost))


class Setter:
    """Sets lines of any text with the letters of machines; what one lacks a like one lends."""

    def __init__(self, machines: Sequence[Machine]) -> None:
        self.machines = list(machines)
        self._near: dict[str, list[Machine]] = {
            x.name: sorted(self.machines, key=lambda y: _distance(x, y)) for x in self.machines
        }

    def set_line(self, texts: Texts, width: float, rng: np.random.Generator) -> Sample | None:
        """A line of about ``width`` pixels on one machine's paper; None: nothing could be set.

        Signs that no machine has are left out.
        """
        own = self.machines[int(rng.integers(len(self.machines)))]
        pitch = own.pitch * float(rng.uniform(0.97, 1.06))
        text = texts.line(max(2, round(width / pitch) - 2), rng)
        lent: dict[str, Machine] = {}
        cells: list[tuple[str, Letter | None, float]] = []
        for sign in text:
            if sign not in lent:
                lent[sign] = self._lender(own, sign, rng)
            machine = lent[sign]
            twin = sign if machine.has(sign) else _TWINS.get(sign, "")
            same = machine.letters.get(twin)
            if not same:
                if sign == " ":
                    cells.append((sign, None, 1.0))
                continue
            one = same[int(rng.integers(len(same)))]
            cells.append((sign, one, own.pitch / machine.pitch))
        if not any(sign != " " for sign, _, _ in cells):
            return None
        return _composed(cells, pitch, rng)

    def _lender(self, own: Machine, sign: str, rng: np.random.Generator) -> Machine:
        near = self._near[own.name]
        if own.has(sign) and (len(own.letters[sign]) > 2 or rng.random() < 0.6):
            return own
        have = [x for x in near if x.has(sign)] or [x for x in near if x.has(_TWINS.get(sign, ""))]
        return have[int(rng.integers(min(4, len(have))))] if have else own


def _distance(a: Machine, b: Machine) -> float:
    return 4 * abs(math.log(a.pitch / b.pitch)) + abs(math.log(max(a.dark, 1) / max(b.dark, 1)))


def _composed(
    cells: Sequence[tuple[str, Letter | None, float]], pitch: float, rng: np.random.Generator
) -> Sample:
    side = float(rng.uniform(6, 16))
    width = round(2 * side + pitch * len(cells))
    canvas = np.zeros((HEIGHT, width + 40), np.uint8)
    uneven = float(rng.random() < 0.4) * float(rng.uniform(0.2, 0.8))
    for place, (_, letter, stretch) in enumerate(cells):
        if letter is None:
            continue
        ink, left = letter.ink, letter.left
        if abs(stretch - 1) > 0.05:
            size = (max(3, round(ink.shape[1] * stretch)), HEIGHT)
            ink = np.asarray(cv2.resize(ink, size, interpolation=cv2.INTER_LINEAR), np.uint8)
            left *= stretch
        down = round(float(rng.normal(0, 1))) if uneven and rng.random() < uneven else 0
        if down:
            ink = np.roll(ink, down, axis=0)
        x = round(20 + side + pitch * (place + 0.5) + left + rng.normal(0, 0.35))
        x = min(max(0, x), canvas.shape[1] - ink.shape[1])
        part = canvas[:, x : x + ink.shape[1]]
        np.maximum(part, ink, out=part)
    pixels = 255 - canvas[:, 20 : 20 + width]
    return Sample(np.ascontiguousarray(pixels), "".join(sign for sign, _, _ in cells))
