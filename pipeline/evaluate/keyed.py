"""The score of keyed pages: what must be in a transcript, and what may be.

Of the true lines those of the scope ``document`` (body, heading, addressee, signature) *must* be
in a transcript; form marks, page numbers and print may be; handwriting is left out. Code points are
compared, folded in a way of their own: ``docs/measures.md`` defines every figure.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import Levenshtein

from pipeline.evaluate.maximum_matches import Code
from pipeline.evaluate.scopes import KINDS, Scope
from pipeline.ground_truth import Truth
from pipeline.model import LineKind

Row = tuple[str, bool]
"""A true line as typed, and whether it must be read."""

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


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyedCounts:
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

    def __add__(self, other: KeyedCounts) -> KeyedCounts:
        return KeyedCounts(
            errors=self.errors + other.errors,
            length=self.length + other.length,
            digits_right=self.digits_right + other.digits_right,
            digits=self.digits + other.digits,
        )


def keyed_rows(truth: Truth) -> tuple[Row, ...]:
    """The typed and printed lines of a labelled truth; empty where a text is not known."""
    if not truth.labelled or any(x.text is None for x in truth.lines):
        return ()
    must = KINDS[Scope.DOCUMENT]
    return tuple(
        (x.text or "", x.kind in must)
        for x in truth.lines
        if x.kind not in (LineKind.HANDWRITING, LineKind.NOISE)
    )


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


def keyed_counts(rows: Sequence[Row], text: str) -> KeyedCounts:
    """How well ``text`` holds the keyed lines ``rows``: the definition of ``docs/measures.md``."""
    true, read, must = sides(rows, text)
    wanted = [needed and char.isdigit() for char, needed in zip(true, must, strict=True)]
    errors = right = 0
    for code in codes(true, read):
        errors += cost(code, must)
        right += sum(wanted[code[1] : code[2]]) if code[0] == "equal" else 0
    return KeyedCounts(errors=errors, length=sum(must), digits_right=right, digits=sum(wanted))


def sides(rows: Sequence[Row], text: str) -> tuple[str, str, list[bool]]:
    """The truth and ``text`` as they are compared, and which characters of the truth must be."""
    true, must = run_on(rows)
    return true, run_on((line, True) for line in text.splitlines())[0], must


def codes(true: str, read: str) -> list[Code]:
    """RapidFuzz's operations; a replaced stretch is as long as what replaces it."""
    # Plain tuples, whatever the stubs say.
    return Levenshtein.opcodes(true, read).as_list()  # type: ignore[return-value]


def cost(code: Code, must: Sequence[bool]) -> int:
    """Errors of one operation: what is wrong or lacking of what must be there, and additions.

    What was added counts only where its neighbours, if it has any, must be there.
    """
    tag, start, stop, other_start, other_stop = code
    if tag == "equal":
        return 0
    if tag == "insert":
        return other_stop - other_start if all(must[max(0, start - 1) : start + 1]) else 0
    return sum(must[start:stop])
