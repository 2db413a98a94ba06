"""Batches of many sources: keyed and agreed lines of real sheets, lines set anew, drawn lines.

Batch number ``n`` depends on the seed and ``n`` alone; workers make batches side by side.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.alphabet import NUMBERS
from pipeline.ocr.typewriter import HEIGHT, STEP, to_ink
from pipeline.pixels import Pixels
from pipeline.training.augment import varied
from pipeline.training.letters import Machine, Setter
from pipeline.training.line_texts import Texts
from pipeline.training.pages import Sample
from pipeline.training.soil import bare, soiled

Batch = tuple[NDArray[np.uint8], NDArray[np.int64], NDArray[np.int64]]
"""Ink uint8 ``(N, 48, W)``, the numbers of all lines' characters in a row, the lines' lengths."""

SHARES = {
    "keyed": 0.23, "agreed": 0.14, "set": 0.31, "face": 0.16, "drawn": 0.13, "bare": 0.03,
}  # fmt: skip
"""Of each batch, by source; what a source lacks falls to the next that has lines."""

_PLAIN = 0.12
"""Share of lines that are shown as they are."""

_FIGURES = 1.7
"""How much oftener a real line with figures is shown."""


@dataclass(frozen=True, slots=True, eq=False)
class Source:
    """Lines by width: ``weights`` say how often each is shown."""

    lines: Sequence[Sample]
    widths: NDArray[np.int64]
    rising: NDArray[np.float64]

    @classmethod
    def of(cls, lines: Sequence[Sample], groups: Sequence[str] | None = None) -> Source:
        """``groups``: of each line its document; small ones get more than their share."""
        names = groups or [""] * len(lines)
        sizes = Counter(names)
        weights = np.array(
            [
                sizes[name] ** -0.35 * (_FIGURES if any(x.isdigit() for x in line.text) else 1.0)
                for line, name in zip(lines, names, strict=True)
            ],
            np.float64,
        )
        widths = np.array([x.pixels.shape[1] for x in lines], np.int64)
        order = np.argsort(widths, kind="stable")
        return cls([lines[i] for i in order], widths[order], np.cumsum(weights[order]))

    def near(self, width: float, rng: np.random.Generator) -> Sample:
        """A line about ``width`` pixels wide."""
        first = int(np.searchsorted(self.widths, 0.82 * width))
        last = int(np.searchsorted(self.widths, 1.12 * width))
        if last - first < 12:
            middle = int(np.clip((first + last) // 2, 6, max(6, len(self.lines) - 6)))
            first, last = max(0, middle - 6), min(len(self.lines), middle + 6)
        low = self.rising[first - 1] if first else 0.0
        at = low + rng.random() * (self.rising[last - 1] - low)
        return self.lines[min(last - 1, int(np.searchsorted(self.rising, at)))]

    def any(self, rng: np.random.Generator) -> Sample:
        """Any line, by its weight."""
        at = rng.random() * self.rising[-1]
        return self.lines[min(len(self.lines) - 1, int(np.searchsorted(self.rising, at)))]


@dataclass(slots=True, eq=False)
class Batches:
    """Item ``n``: ink uint8 ``(N, 48, W)``, targets of all lines, their lengths.

    ``columns``: pixels across of a batch, about; narrow lines come more of them at a time.
    """

    keyed: Source | None
    agreed: Source | None
    drawn: Source | None
    machines: Sequence[Machine]
    drawn_machines: Sequence[Machine]
    texts: Texts
    updates: int
    seed: int = 1
    columns: int = 48000
    _setter: Setter | None = None

    def __len__(self) -> int:
        return self.updates

    def __getitem__(self, number: int) -> Batch:
        cv2.setNumThreads(1)
        rng = np.random.default_rng([self.seed, number])
        width = self._width(rng)
        count = int(np.clip(self.columns / width, 16, 160))
        kinds = rng.choice(len(SHARES), count, p=list(SHARES.values()))
        names = list(SHARES)
        lines = [self._line(names[kind], width, rng) for kind in kinds]
        kept = [x for x in lines if x is not None]
        return collated(kept or [(bare(rng), "")])

    def _width(self, rng: np.random.Generator) -> float:
        source = self.keyed or self.drawn
        if source is None or rng.random() < 0.15:
            return float(rng.uniform(60, 1000))
        return float(np.clip(source.any(rng).pixels.shape[1], 60, 1100))

    def _line(
        self, kind: str, width: float, rng: np.random.Generator
    ) -> tuple[NDArray[np.float32], str] | None:
        if kind == "bare":
            return bare(rng), ""
        sample = self._sample(kind, width, rng)
        if sample is None:
            return None
        ink = to_ink(sample.pixels)
        if kind == "face" or rng.random() > _PLAIN:
            dirty = soiled(ink, rng)
            pixels = np.asarray(255 - 255 * np.clip(dirty, 0, 1), np.uint8)
            ink = varied(pixels, self._other(rng), rng)
        needed = len(sample.text) + sum(
            a == b for a, b in zip(sample.text, sample.text[1:], strict=False)
        )
        return (ink, sample.text) if ink.shape[1] // STEP > needed else None

    def _sample(self, kind: str, width: float, rng: np.random.Generator) -> Sample | None:
        source = {"keyed": self.keyed, "agreed": self.agreed, "drawn": self.drawn}.get(kind)
        if source is not None:
            return source.near(width, rng)
        if self.machines and kind != "face":
            if self._setter is None:
                self._setter = Setter(self.machines)
            return self._setter.set_line(self.texts, width, rng)
        if not self.drawn_machines:
            return None
        machine = self.drawn_machines[int(rng.integers(len(self.drawn_machines)))]
        return Setter([machine]).set_line(self.texts, width, rng)

    def _other(self, rng: np.random.Generator) -> Pixels:
        source = self.keyed or self.drawn
        if source is None:
            return np.full((HEIGHT, 16), 255, np.uint8)
        return source.any(rng).pixels


def collated(
    lines: Sequence[tuple[NDArray[np.float32], str]],
) -> Batch:
    """Lines and their texts as one item of ``Batches``."""
    widest = max(ink.shape[1] for ink, _ in lines)
    wide = max(64, -(-widest // 32) * 32)
    out = np.zeros((len(lines), HEIGHT, wide), np.uint8)
    for place, (ink, _) in enumerate(lines):
        out[place, :, : ink.shape[1]] = np.clip(ink * 255, 0, 255)
    numbers = [NUMBERS[sign] for _, text in lines for sign in text]
    lengths = [len(text) for _, text in lines]
    return out, np.array(numbers, np.int64), np.array(lengths, np.int64)
