"""What is typed on the pages to learn from: period prose, and what prose has too little of."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import regex

from pipeline.alphabet import ALPHABET
from pipeline.errors import InputMissingError
from pipeline.facsimile.prose import TIE, filled, paragraph
from pipeline.facsimile.streams import one
from pipeline.resources import facsimile as data

FOLDED = str.maketrans("–—‑…„“”’´`\xa0", "---.\"\"\"'''\xa0".replace("\xa0", " "))
_UNKNOWN = regex.compile(f"[^{regex.escape(ALPHABET)}]")
_RARE = "ЭЖШБЩЮЯЦЧЫЬЪЙФХЁЗУЕ"


def read_corpus(folder: Path) -> tuple[str, ...]:
    """The paragraphs of all files under ``folder`` (UTF-8), with the signs of typewriters.

    What stands before the first empty line of a file (its description) is left out, and so
    are paragraphs that are mostly not Russian.

    Raises:
        InputMissingError: there is no text.

    """
    files = sorted(x for x in folder.rglob("*") if x.is_file())
    found = [text for path in files for text in paragraphs(path)]
    if not found:
        raise InputMissingError(folder, "has no text to learn from")
    return tuple(found)


def paragraphs(path: Path) -> list[str]:
    """The paragraphs of one file; see ``read_corpus``."""
    _, _, body = path.read_text(encoding="utf-8", errors="replace").partition("\n\n")
    return [text for line in body.splitlines() if (text := typeable(line))]


def typeable(line: str) -> str:
    """``line`` in the signs of a typewriter; empty where it is too short or not Russian."""
    text = " ".join(unicodedata.normalize("NFC", line).translate(FOLDED).split())
    letters = sum("а" <= sign <= "я" for sign in text)
    if len(text) < 20 or letters < 0.6 * len(text):
        return ""
    return _UNKNOWN.sub("", text)


def passage(corpus: Sequence[str], rng: np.random.Generator) -> str:
    """A paragraph to type: three of four from ``corpus``, else made up, of words or of signs."""
    kind = rng.random()
    if corpus and kind < 0.72:
        text = one(rng, corpus)
        return text[:1500]
    if kind < 0.85:
        return paragraph(rng)
    if kind < 0.93:
        return " ".join(_odd(rng) for _ in range(int(rng.integers(6, 60))))
    return _capitals(one(rng, corpus)[:200] if corpus else paragraph(rng), rng)


def _capitals(text: str, rng: np.random.Generator) -> str:
    """``text`` in capitals, wholly or some words of it."""
    if rng.random() < 0.4:
        return text.upper()
    return " ".join(x.upper() if rng.random() < 0.3 else x for x in text.split())


def _odd(rng: np.random.Generator) -> str:
    """One word, number, date or the like, such as prose has seldom."""
    return one(rng, _ODD)(rng)


def _phrase(rng: np.random.Generator) -> str:
    return filled(one(rng, data.phrases().inside), rng).replace(TIE, " ")


def _number(rng: np.random.Generator) -> str:
    return f"{rng.integers(0, 10 ** int(rng.integers(1, 8)))}"


def _date(rng: np.random.Generator) -> str:
    end = one(rng, ("", "г.", " г."))
    return f"{rng.integers(1, 32)}.{rng.integers(1, 13)}.{rng.integers(20, 60)}{end}"


def _parted(rng: np.random.Generator) -> str:
    return f"{rng.integers(1, 999)}{one(rng, '.,-/:')}{rng.integers(0, 999)}"


def _marked(rng: np.random.Generator) -> str:
    return f"{one(rng, '№(/')}{rng.integers(1, 9999)}{one(rng, ')/.,;%!?')}"


def _capitalised(rng: np.random.Generator) -> str:
    end = one(rng, ("", "", ".", ",", "!", "?", ":", " -"))
    return _letters(rng, 2, 9).capitalize() + end


def _initials(rng: np.random.Generator) -> str:
    return f"{one(rng, _RARE)}.{one(rng, _RARE)}.{_letters(rng, 3, 9).capitalize()}"


def _roman(rng: np.random.Generator) -> str:
    return "".join(one(rng, "IVX") for _ in range(int(rng.integers(1, 4))))


def _word(rng: np.random.Generator) -> str:
    return _letters(rng, 1, 12) + one(rng, ("", "", ",", ".", "-", '"', ";", "!"))


_ODD = (
    _phrase, _number, _date, _parted, _marked, _capitalised, _initials, _roman, _word,
)  # fmt: skip


def _letters(rng: np.random.Generator, least: int, most: int) -> str:
    """Letters in no order of any language."""
    small = ALPHABET[1:33] + "ё"
    return "".join(one(rng, small) for _ in range(int(rng.integers(least, most + 1))))
