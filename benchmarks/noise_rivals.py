"""Simple filters for comparison: one figure of a line, one threshold."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from noise_scores import Judged, total

from pipeline.lexicon import knows
from pipeline.model import Line, LineKind, Verdict

Threshold = float
Measure = Callable[[Line, float], float]
"""A line and the engine's confidence in it, to 0.0-1.0; below the threshold it is dropped."""


def confidence(line: Line, engine: float) -> float:
    """What the engine says of the line."""
    del line
    return engine


def alphabet_share(line: Line, engine: float) -> float:
    """Share of its visible characters that are Russian letters."""
    del engine
    visible = "".join(line.raw.split())
    return sum("а" <= c.lower() <= "я" or c in "ёЁ" for c in visible) / max(1, len(visible))


def lexicon_share(line: Line, engine: float) -> float:
    """Share of its words that the dictionary knows."""
    del engine
    words = [w.strip(".,;:!?()\"'-") for w in line.raw.split()]
    return sum(bool(w) and knows(w) for w in words) / max(1, len(words))


RIVALS: tuple[tuple[str, Measure], ...] = (
    ("engine confidence", confidence),
    ("alphabet share", alphabet_share),
    ("lexicon share", lexicon_share),
)


def rival_judged(judged: Judged, measure: Measure, threshold: Threshold) -> Judged:
    """The same lines as the rival judges them: body, or dropped."""
    lines = tuple(
        replace(
            line,
            kind=LineKind.BODY if keep else LineKind.NOISE,
            verdict=Verdict.KEEP if keep else Verdict.DROP,
        )
        for line, sure in zip(judged.lines, _confidences(judged), strict=True)
        for keep in [measure(line, sure) >= threshold]
    )
    return replace(judged, lines=lines)


def best_threshold(measure: Measure, judged: Sequence[Judged]) -> Threshold:
    """The threshold (hundredths) with most lines rightly left out or kept."""

    def right(threshold: float) -> int:
        some = total([rival_judged(j, measure, threshold).counts() for j in judged])
        return some.out_right + some.lines - some.others - (some.out - some.out_right)

    return max((step / 100 for step in range(0, 101, 2)), key=right)


def _confidences(judged: Judged) -> list[float]:
    """The engine's confidence in each line: the readings' own, or that of the stock lines."""
    own = [next((r.confidence for r in x.readings if r.confidence is not None), None)
           for x in judged.lines]  # fmt: skip
    if any(c is not None for c in own):
        return [c or 0.0 for c in own]
    places = {word.box: word.confidence or 0.0 for word in judged.page.stock_places}
    return [places.get(x.box, 0.0) for x in judged.lines]
