"""Keyed pages of real typescript, and the measures of ``typed_pages.py`` on them.

The truth of a page, ``ID.gt.tsv``, is one typed line per row after a tag and a tab. Lines tagged B,
H, A and S (body, heading, addressee, signature) *must* be in a transcript; F, N and P (form marks,
page numbers, print) may be; W (handwriting) is left out. A row without a tab, such as the ``=``
between two facing sheets, is no line. ``docs/measures.md`` defines every figure.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import Self

from rapidfuzz.distance import Levenshtein

from pipeline.evaluate.maximum_matches import Code
from pipeline.ground_truth import Truth
from pipeline.model import LineKind

MUST = frozenset("BHAS")
HANDWRITING = "W"

_TAGS = {
    LineKind.BODY: "B", LineKind.HEADING: "H", LineKind.ADDRESSEE: "A", LineKind.SIGNATURE: "S",
    LineKind.FORM: "F", LineKind.TABLE: "F", LineKind.PAGE_NUMBER: "N", LineKind.STAMP: "P",
}  # fmt: skip

_FOLDED = str.maketrans(
    {
        **dict.fromkeys("‐‑‒–—―−¬\u00ad", "-"),
        **dict.fromkeys("«»“”„", '"'),
        "’": "'",
        "…": "...",
        "ё": "е",
        "Ё": "Е",
    }
)
_ONE = re.compile(r"(?:\b[IІ]|(?<=\d)[IІl])(?=\d)")
_MARK = re.compile(r"\s*([,.;:!?])\s*")
_SPREAD = re.compile(r"(?<!\w)\w(?: \w){3,}(?!\w)")


@dataclass(frozen=True, slots=True)
class KeyedLine:
    """One typed line: its tag and its text as typed."""

    tag: str
    text: str

    @property
    def must(self) -> bool:
        """Whether a transcript must hold it."""
        return self.tag in MUST


class Sums:
    """Figures that are added up page by page, field by field."""

    __slots__ = ()

    def __add__(self, other: Self) -> Self:
        pairs = zip(astuple(self), astuple(other), strict=True)  # type: ignore[call-overload]
        return type(self)(*(a + b for a, b in pairs))


@dataclass(frozen=True)
class Score(Sums):
    """Errors against ``length`` characters that must be there; digits among these, and right."""

    errors: int = 0
    length: int = 0
    digits_right: int = 0
    digits: int = 0

    @property
    def rate(self) -> float | None:
        """The character error rate; ``None`` without truth."""
        return self.errors / self.length if self.length else None

    @property
    def digit_rate(self) -> float | None:
        """The share of digits that are right; ``None`` where there are none."""
        return self.digits_right / self.digits if self.digits else None


@dataclass(frozen=True, slots=True)
class Difference:
    """One error as :func:`differences` lists them, with the true text before it."""

    before: str
    true: str
    read: str
    cost: int


def keyed_lines(path: Path) -> tuple[KeyedLine, ...]:
    """The lines of the truth at ``path``, handwriting left out."""
    rows = (row.split("\t", 1) for row in path.read_text(encoding="utf-8").split("\n"))
    return tuple(KeyedLine(*row) for row in rows if len(row) == 2 and row[0] != HANDWRITING)


def drawn_lines(truth: Truth) -> tuple[KeyedLine, ...]:
    """The lines of a facsimile, tagged as those of a keyed page; what no hand keys left out."""
    return tuple(
        KeyedLine(_TAGS[line.kind], line.text)
        for line in truth.lines
        if line.text and line.kind in _TAGS
    )


def has_facing_sheets(path: Path) -> bool:
    """Whether the truth at ``path`` is of two facing sheets on one scan."""
    return "=" in path.read_text(encoding="utf-8").split("\n")


def folded(text: str) -> str:
    """One line as it is compared: kinds of quotes and dashes, spacing, typed ones folded."""
    text = unicodedata.normalize("NFC", text).translate(_FOLDED).replace("ОО°", "°°")
    text = " ".join(_MARK.sub(r"\1 ", _ONE.sub("1", text)).split())
    return _SPREAD.sub(lambda match: match[0].replace(" ", ""), text)


def run_on(lines: Iterable[tuple[str, bool]]) -> tuple[str, list[bool]]:
    """Lines, each with whether it must be there, as one text, and that of each character.

    A hyphen at a line's end goes where the next line is alike and goes on in small letters.
    """
    text, must = "", list[bool]()
    for line, needed in lines:
        new = folded(line)
        if not new:
            continue
        if text.endswith("-") and new[0].islower() and needed == must[-1]:
            text = text[:-1]
            del must[-1]
        elif text:
            text += " "
            must.append(needed and must[-1])
        text += new
        must += [needed] * len(new)
    return text, must


def score(lines: Sequence[KeyedLine], text: str) -> Score:
    """How well ``text`` holds the keyed ``lines``: the definition of ``docs/measures.md``."""
    true, read, must = _sides(lines, text)
    wanted = [needed and char.isdigit() for char, needed in zip(true, must, strict=True)]
    errors = right = 0
    for code in _codes(true, read):
        errors += _cost(code, must)
        right += sum(wanted[code[1] : code[2]]) if code[0] == "equal" else 0
    return Score(errors, sum(must), right, sum(wanted))


def differences(lines: Sequence[KeyedLine], text: str) -> Iterator[Difference]:
    """The errors that :func:`score` counts, in order."""
    true, read, must = _sides(lines, text)
    for code in _codes(true, read):
        _, start, stop, other_start, other_stop = code
        if cost := _cost(code, must):
            before = true[max(0, start - 15) : start]
            yield Difference(before, true[start:stop], read[other_start:other_stop], cost)


def _sides(lines: Sequence[KeyedLine], text: str) -> tuple[str, str, list[bool]]:
    true, must = run_on((line.text, line.must) for line in lines)
    return true, run_on((line, True) for line in text.splitlines())[0], must


def _codes(true: str, read: str) -> list[Code]:
    # Plain tuples, whatever the stubs say; a replaced stretch is as long as what replaces it.
    return Levenshtein.opcodes(true, read).as_list()  # type: ignore[return-value]


def _cost(code: Code, must: Sequence[bool]) -> int:
    """Errors of one operation: what is wrong or lacking of what must be there, and additions.

    What was added counts only where its neighbours, if it has any, must be there.
    """
    tag, start, stop, other_start, other_stop = code
    if tag == "equal":
        return 0
    if tag == "insert":
        return other_stop - other_start if all(must[max(0, start - 1) : start + 1]) else 0
    return sum(must[start:stop])
