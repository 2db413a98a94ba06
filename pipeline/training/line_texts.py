"""What is typed on single lines to learn from: prose, and above all figures as typists set them.

A network that reads mostly prose reads a figure as the letter that would stand there; so a third
of the lines have figures among letters, glued to words and units, in dates, sums, shares, times.
"""

from __future__ import annotations

import lzma
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from pipeline.alphabet import NUMBERS
from pipeline.facsimile.habits import draw_habits, with_habits
from pipeline.facsimile.prose import TIE, paragraph
from pipeline.facsimile.streams import one
from pipeline.text import MONTHS
from pipeline.training.texts import typeable
from pipeline.training.word_lists import LATIN, NAMES, PLACES, ROMANS, SHORT, UNITS

Rng = np.random.Generator

_SMALL = "абвгдежзийклмнопрстуфхцчшщъыьэюя"
_ALL = _SMALL + _SMALL.upper()


class Texts:
    """Lines to type. ``prose``: paragraphs; ``words``: word forms and how often each is used."""

    def __init__(self, prose: Sequence[str] = (), words: Sequence[tuple[str, int]] = ()) -> None:
        self.prose = list(prose)
        self.words = [word for word, _ in words]
        weights = np.array([count for _, count in words], np.float64) ** 0.75
        self._rising = np.cumsum(weights / weights.sum()) if len(words) else None

    def line(self, signs: int, rng: Rng) -> str:
        """About ``signs`` characters, at least two."""
        kind = rng.random()
        if kind < 0.30:
            text = self._prose(signs, rng)
        elif kind < 0.42:
            text = " ".join(self._word(rng) for _ in range(signs // 5 + 1))
        elif kind < 0.72:
            text = self._with_figures(signs, rng)
        elif kind < 0.80:
            text = " ".join(_figures(rng) for _ in range(signs // 6 + 1))
        elif kind < 0.86:
            text = self._dense(signs, rng)
        elif kind < 0.91:
            text = " ".join(_nonsense(rng) for _ in range(signs // 6 + 1))
        elif kind < 0.94:
            text = " ".join(
                one(rng, LATIN) if rng.random() < 0.6 else _code(rng) for _ in range(signs // 6 + 1)
            )
        else:
            text = self._prose(signs, rng).upper()
        if rng.random() < 0.04:
            text = _spread(text, rng)
        if rng.random() < 0.2:
            text = with_habits(text, draw_habits(rng), rng).replace(TIE, " ")
        return _cut(" ".join("".join(x for x in text if x in NUMBERS).split()), signs, rng)

    def figured(self, signs: int, rng: Rng) -> str:
        """About ``signs`` characters with figures, dates, names or abbreviations."""
        kind = rng.random()
        if kind < 0.6:
            text = self._with_figures(signs, rng)
        elif kind < 0.8:
            text = self._dense(signs, rng)
        else:
            text = " ".join(_figures(rng) for _ in range(signs // 6 + 1))
        return _cut(" ".join("".join(x for x in text if x in NUMBERS).split()), signs, rng)

    def _prose(self, signs: int, rng: Rng) -> str:
        if not self.prose:
            return paragraph(rng).replace(TIE, " ")
        text = one(rng, self.prose)
        if len(text) <= signs:
            return text
        start = int(rng.integers(0, len(text) - signs))
        start = text.rfind(" ", 0, start) + 1
        return text[start:]

    def _word(self, rng: Rng) -> str:
        if self._rising is None:
            return one(rng, paragraph(rng).replace(TIE, " ").split())
        word = self.words[int(np.searchsorted(self._rising, rng.random()))]
        return word + one(rng, ("", "", "", "", "", ",", ".", "-", ";", ":"))

    def _with_figures(self, signs: int, rng: Rng) -> str:
        """Prose into which figures, dates, names and abbreviations are put."""
        words = self._prose(2 * signs, rng).split()[: signs // 6 + 2]
        for place in range(len(words)):
            chance = rng.random()
            if chance < 0.28:
                words[place] = _figures(rng)
            elif chance < 0.36:
                words[place] = one(rng, SHORT)
            elif chance < 0.42:
                words[place] = _person(rng)
            elif chance < 0.44:
                words[place] = one(rng, LATIN)
        return " ".join(words)

    def _dense(self, signs: int, rng: Rng) -> str:
        """Abbreviations, names and places one after another."""
        makers: tuple[Callable[[Rng], str], ...] = (
            lambda r: one(r, SHORT), lambda r: one(r, SHORT), _person, lambda r: one(r, PLACES),
            _figures, lambda r: f'"{self._word(r)}"', lambda r: f"/{self._word(r)}/",
            lambda r: f"({self._word(r)})", self._word,
        )  # fmt: skip
        return " ".join(one(rng, makers)(rng) for _ in range(signs // 7 + 1))


def _cut(text: str, signs: int, rng: Rng) -> str:
    """``text`` as long as a line, a word at its end parted now and then."""
    if len(text) <= signs:
        return text
    if rng.random() < 0.4 and text[signs - 1].isalpha() and text[signs - 2].isalpha():
        return text[: signs - 1] + "-"
    end = text.rfind(" ", 0, signs + 1)
    return text[: end if end > signs // 2 else signs].strip()


def _spread(text: str, rng: Rng) -> str:
    words = text.split()
    place = int(rng.integers(len(words)))
    words[place] = " ".join(words[place])
    return " ".join(words)


def _number(rng: Rng) -> str:
    """A number, small ones oftenest; round ones and ones of one figure again and again too."""
    kind = rng.random()
    size = int(rng.choice(8, p=(0.25, 0.28, 0.18, 0.13, 0.07, 0.04, 0.03, 0.02))) + 1
    if kind < 0.15:
        return str(int(rng.integers(1, 10))) + "0" * (size - 1)
    if kind < 0.25:
        return one(rng, "1035689") * size
    return "".join(one(rng, "0123456789") for _ in range(size))


def _figures(rng: Rng) -> str:
    """One number, date, sum, share, time, sign of a file, or the like."""
    return one(rng, _FIGURES)(rng)


def _glued(rng: Rng) -> str:
    return _number(rng) + one(rng, ("", "", " ", "-")) + one(rng, UNITS)


def _decimal(rng: Rng) -> str:
    part = "".join(one(rng, "0123456789") for _ in range(int(rng.integers(1, 4))))
    end = one(rng, ("", "", "%", " %", " " + one(rng, UNITS), one(rng, UNITS)))
    return f"{one(rng, ('0', '1', _number(rng)))}{one(rng, ',,.')}{part}{end}"


def _range(rng: Rng) -> str:
    mark = one(rng, ("-", "-", "-", " - ", "÷", ",", "/", " и ", "х", "+", "±"))
    unit = one(rng, ("", "", " ")) + one(rng, ("", one(rng, UNITS)))
    return f"{_number(rng)}{mark}{_number(rng)}{unit}"


def _date(rng: Rng) -> str:
    day, month = int(rng.integers(1, 32)), int(rng.integers(1, 13))
    year = int(rng.integers(1917, 1992))
    end = one(rng, ("", "г.", " г.", " года", " г", "года"))
    written = MONTHS[month - 1]
    return one(
        rng,
        (
            f"{day:02}.{month:02}.{year % 100:02}{end}",
            f"{day}.{month:02}.{year}{end}",
            f"{day} {written} {year}{end}",
            f'"{day}" {written} {year}{end}',
            f"{day}-{one(rng, ROMANS)}-{year % 100}{end}",
            f"{written} {day}",
            f"{day} {written}",
        ),
    )


def _years(rng: Rng) -> str:
    year = int(rng.integers(1900, 1992))
    return one(
        rng,
        (
            f"{year}",
            f"{year} г.",
            f"{year}г.",
            f"{year}-{(year + 5) % 100:02} гг.",
            f"{year}-{year + 1} гг.",
            f"в {year} году",
            f"{year}/{(year + 1) % 100:02}",
        ),
    )


def _clock(rng: Rng) -> str:
    hour, minute = int(rng.integers(0, 24)), int(rng.integers(0, 60))
    mark = one(rng, (".", ":", "-", " час. ", "час ", " час.", "ч.", "час."))
    if rng.random() < 0.2:
        return f"{hour}{one(rng, ('°°', ' °°'))}"
    end = "" if mark in (".", ":", "-") else one(rng, ("мин.", " мин.", "минут", " минут"))
    return f"{hour}{mark}{minute:02}{end}"


def _sum(rng: Rng) -> str:
    whole = str(int(rng.integers(1000, 10 ** int(rng.integers(4, 9)))))
    groups: list[str] = []
    while whole:
        groups.insert(0, whole[-3:])
        whole = whole[:-3]
    return one(rng, (" ", ".", " ")).join(groups) + one(
        rng, ("", " руб.", " рублей", "р.", " тыс.")
    )


def _file(rng: Rng) -> str:
    mark = one(rng, ("№ ", "№", "№ ", "N ", "N"))
    number = _number(rng)
    return mark + one(
        rng,
        (
            number,
            f"{number}/{_number(rng)}",
            f"{number}-{_number(rng)}",
            f"{_number(rng)}/{_number(rng)}-{_number(rng)}",
            f"{number}с",
            f"{number}-{one(rng, _SMALL)}",
            f"П{number}/{_number(rng)}",
            f"{one(rng, _ALL)}-{number}",
        ),
    )


def _item(rng: Rng) -> str:
    first, second = int(rng.integers(1, 40)), int(rng.integers(1, 20))
    return one(
        rng,
        (
            f"{first}.",
            f"{first})",
            f"{first}.{second}.",
            f"п.{first}",
            f"{first}.{second}",
            f"/{first}/",
            f"[{first}]",
            f"{first}-го",
            f"{first}-й",
            f"{first}-ом",
            f"{first}-му",
            f"рис.{first}",
            f"Рис. {first}.",
            f"стр.{first}",
            f"- {first} -",
            f"{first}-ый",
            f"табл.{first}",
            f"гл.{first}",
            f"{first}-ая",
            f"{first}-е",
        ),
    )


def _roman(rng: Rng) -> str:
    return one(rng, ROMANS) + one(
        rng, ("", "", " квартал", " съезд", ".", " раздел", "-го", " созыва")
    )


def _sum_of(rng: Rng) -> str:
    mark = one(rng, ("+", "-", " + ", " - ", "х", "*", "/", "=", " = "))
    return f"{_number(rng)}{mark}{_number(rng)}"


def _code(rng: Rng) -> str:
    capitals = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    # One letter at least that no Russian letter looks like: else nobody could tell.
    name = one(rng, "DFGJLNQRSUVWZ") + "".join(
        one(rng, capitals) for _ in range(int(rng.integers(0, 5)))
    )
    return one(
        rng,
        (
            name,
            name + _number(rng),
            f"{name}({_number(rng)})",
            f"{name}={_number(rng)}",
            f"<{name}>",
            f"{_number(rng)} {name}",
            f"{name},{_number(rng)}",
            f"{name}[{_number(rng)}]",
            f"*{name}",
            f"{name}.",
            f"'{name}'",
            f"{name}+{_number(rng)}",
            f"{name}:",
        ),
    )


_FIGURES = (
    _glued, _glued, _glued, _decimal, _decimal, _range, _range, _date, _date, _years, _clock, _sum,
    _file, _item, _item, _roman, _sum_of, _number, _number,
)  # fmt: skip


def _person(rng: Rng) -> str:
    first, second = one(rng, "АБВГДЕЖЗИКЛМНОПРСТУФХЦЧШЩЭЮЯ"), one(rng, "АБВГДЕИКЛМНОПРСТФЭЯЮ")
    name = one(rng, NAMES)
    name += one(rng, ("", "", "а", "у", "ым", "ом", "е"))
    return one(
        rng,
        (
            f"{first}.{second}.{name}",
            f"{name} {first}.{second}.",
            f"т.{name}",
            f"тов. {name} {first}.{second}.",
            f"{name.upper()} {first}.{second}.",
            name,
            f"{first}. {second}. {name}",
            f"т.т. {name}, {one(rng, NAMES)}",
        ),
    )


def _nonsense(rng: Rng) -> str:
    kind = rng.random()
    size = int(rng.integers(1, 10))
    if kind < 0.5:
        return "".join(one(rng, _SMALL) for _ in range(size))
    if kind < 0.65:
        return "".join(one(rng, _ALL) for _ in range(size))
    if kind < 0.8:
        return "".join(one(rng, _SMALL.upper()) for _ in range(min(size, 6)))
    if kind < 0.9:
        return "".join(one(rng, "0123456789бчБТГ") for _ in range(min(size, 6)))
    return "".join(one(rng, _SMALL + '.,:;-()/"№%+=*!?') for _ in range(size))


def read_words(path: Path, most: int = 60000) -> list[tuple[str, int]]:
    """Word forms and counts of a table ``word TAB count`` (``.tsv.xz``), the commonest first."""
    found = []
    with lzma.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            word, _, count = line.rstrip("\n").partition("\t")
            if count.isdigit():
                found.append((word, int(count)))
            if len(found) >= most:
                break
    return found


def read_sentences(path: Path) -> list[str]:
    """Sentences, one a line (``.txt.xz``), in the signs of typewriters."""
    with lzma.open(path, "rt", encoding="utf-8") as lines:
        return [text for line in lines if (text := typeable(line))]
