r"""Pages of ``tests/cases/noise/``: lines, and what the noise filter should make of them.

A text file has ``KIND VERDICT|TEXT`` a line (``*``: any; ``\t``: a tab; ``#``: a comment). A
recorded reading (JSON) has text, box, look and confidence of each line, and what is wanted.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.errors import InputUnreadableError
from pipeline.layout.split import split_merged
from pipeline.layout.text import text_lines
from pipeline.model import Box, Line, LineKind, Reading, Verdict
from pipeline.noise.crf import STATES, TEXT

_STATES_OF = {"form": ("head", "foot"), "stamp": ("noise",), "handwriting": ("noise",)}
_SIDES = {"text": TEXT, "other": ~TEXT, "keep": TEXT, "drop": ~TEXT}


@dataclass(frozen=True, slots=True, kw_only=True)
class NoiseCase:
    """A page: ``height`` of its scan in pixels; ``allowed``: states of each line, ``(N, S)``."""

    lines: tuple[Line, ...]
    allowed: NDArray[np.bool_]
    height: int | None = None


def read_case(path: Path) -> NoiseCase:
    """The page in ``path``.

    Raises:
        InputUnreadableError: it is no case; says which line.

    """
    if path.suffix == ".json":
        data = json.loads(path.read_text(encoding="utf-8"))
        rows = data["lines"]
        lines = tuple(recorded(row, number) for number, row in enumerate(rows))
        allowed = [_side(row["wanted"]) for row in rows]
        return NoiseCase(lines=lines, allowed=np.array(allowed), height=data["height"])
    wanted, text = expectations(path)
    lines = split_merged(text_lines(text, 1))
    if len(lines) != len(wanted):
        raise InputUnreadableError(path, f"has {len(wanted)} labels for {len(lines)} lines")
    return NoiseCase(lines=lines, allowed=np.array([_allowed(*row) for row in wanted]))


def expectations(path: Path) -> tuple[list[tuple[str, str]], str]:
    """Kind and verdict (or ``*``) of each line of a text case, and its text.

    Raises:
        InputUnreadableError: a kind or verdict is none.

    """
    wanted: list[tuple[str, str]] = []
    rows: list[str] = []
    for number, row in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if row.startswith("#"):
            continue
        label, bar, text = row.partition("|")
        if bar:
            wanted.append(_label(label.split(), path, number))
        rows.append(text.replace("\\t", "\t"))
    return wanted, "\n".join(rows)


def _label(words: Sequence[str], path: Path, number: int) -> tuple[str, str]:
    if len(words) == 2 and words[0] in ("*", *LineKind) and words[1] in ("*", *Verdict):
        return words[0], words[1]
    what = f"line {number}: {' '.join(words)!r} is not a kind and a verdict, as in `body keep`"
    raise InputUnreadableError(path, what)


def recorded(row: dict[str, Any], number: int) -> Line:
    """The line of one row of a recorded reading."""
    return Line(
        id=f"l{number}",
        reading=Reading.of("recorded", str(row["raw"]), confidence=row["confidence"]),
        box=Box(**dict(zip(("left", "top", "right", "bottom"), row["box"], strict=True))),
        kind=LineKind(row["look"]),
    )


def _allowed(kind: str, verdict: str) -> NDArray[np.bool_]:
    if kind == "*":
        return _side(verdict)
    return np.isin(STATES, _STATES_OF.get(kind, (kind,)))


def _side(wanted: str) -> NDArray[np.bool_]:
    return _SIDES.get(wanted, np.ones(len(STATES), bool))
