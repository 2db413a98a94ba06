"""Figures that were typed with letters of their shape: many machines have no keys for 0, 1 and 3.

An edit of the reading layer where what stands around says that it is a number; Roman numerals (of
months, congresses, quarters, centuries) stay, and so does all that may be a word or a name.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import regex

from pipeline.lexicon import knows
from pipeline.model import Edit

RULE = "figure"

_SHAPES = {**dict.fromkeys("ОO", "0"), **dict.fromkeys("IІl", "1"), "З": "3"}
_TO_FIGURES = str.maketrans(_SHAPES)
_LIKE = "ОOIІlЗ"
_NO_LETTER = r"(?<![\p{L}\p{N}])"

_MIXED = regex.compile(rf"{_NO_LETTER}([\d{_LIKE}]{{2,}})(\p{{Ll}}*+)(?![\p{{L}}\p{{N}}])")
"""A number of figures and letters of their shape, perhaps with a unit right behind it."""

_DECIMAL = regex.compile(rf"(?<![\p{{L}}\p{{N}}.,])([{_LIKE}])(?=,\d)")
_NUMBERED = regex.compile(r"№\s?([IІl][ОO]*|[ЗОO]{2,})(?![\p{L}\p{N}/-])")
_AMOUNT = regex.compile(rf"{_NO_LETTER}([IІlЗ][ОO]+|[ТT][ОO]{{2,}})(?=\s+(\p{{Ll}}+|%))")
_ELEVEN = regex.compile(rf"{_NO_LETTER}([IІ]{{2}})(?=\s+(\p{{Ll}}{{3,}}))")
_FIRST_ITEM = regex.compile(r"^\s*([IІl])(?=\s?[.)]\s?\p{Lu})")
_SECOND_ITEM, _ROMAN_ITEM = regex.compile(r"\s*2\s?[.)]"), regex.compile(r"\s*[IІ]{2}\s?[.)]")
_NUMBER = regex.compile(r"(?<!\p{L})\d+")
_TIME = regex.compile(r"\s?(?:час|мин|ч\.|м\.)|[.:/-]\d")
_TOWN = regex.compile(r"\s+г\.?\s+\p{Lu}")

_UNITS = frozenset(
    """г гр кг ц т м км см мм л шт руб коп час мин сек чел экз тыс млн млрд га тонн тонны штук штуки
    рублей рубля копеек часов часа минут минуты секунд лет дней суток человек экземпляров тысяч
    тысячи миллионов процентов процента гектаров вагонов метров километров центнеров
    пудов""".split()  # noqa: SIM905
)
_COUNTED = (
    "ов",
    "ев",
    "ей",
    "тонн",
    "штук",
    "минут",
    "лет",
    "копеек",
    "тысяч",
    "человек",
    "секунд",
)
"""Ends of what is counted by eleven: genitive plurals."""

_ORDINAL = ("съезд", "пленум", "конгресс", "квартал", "созыв", "разряд", "класс", "курс", "отдел",
            "том", "раздел", "выпуск", "век", "этап", "тур", "сезон", "период", "корпус", "ряд",
            "вариант", "тип", "район", "участк", "фронт", "интернационал")  # fmt: skip
"""Beginnings of what is numbered with Roman numerals, in any case."""

LIST = 15
"""Lines within which the second item of a list follows the first."""


def typed_figures(raw: str, below: Sequence[str] = ()) -> tuple[Edit, ...]:
    """Letters typed for figures: ``1ООО`` to ``1000``; ``below`` are the lines that follow."""
    found = (*_mixed(raw), *_decimals(raw), *_amounts(raw), *_eleven(raw), *_item(raw, below))
    edits: list[Edit] = []
    for edit in found:
        if not any(edit.overlaps(other) for other in edits):
            edits.append(edit)
    return tuple(sorted(edits, key=lambda edit: edit.start))


def _mixed(raw: str) -> Iterator[Edit]:
    for match in _MIXED.finditer(raw):
        number, unit = match.groups()
        figures = number.translate(_TO_FIGURES)
        if figures == number or not any(c.isdigit() for c in number):
            continue
        if unit and not _is_unit(number[-1], unit):
            continue
        # No number begins with a nought but times, dates and the like: `О2` is oxygen.
        if figures[0] == "0" and number[0] != "0" and not _TIME.match(raw, match.end(1)):
            continue
        yield _edit(match.start(1), number, figures, "figures stand in the same number")


def _is_unit(last: str, unit: str) -> bool:
    """Whether ``unit`` stands for itself behind a number, and is not a word with its ``last``."""
    if last in _SHAPES and knows((last + unit).lower()):
        return False
    return unit in _UNITS or (len(unit) > 2 and knows(unit))


def _decimals(raw: str) -> Iterator[Edit]:
    for match in _DECIMAL.finditer(raw):
        letter = match[1]
        yield _edit(match.start(1), letter, _SHAPES[letter], "a decimal comma and a figure follow")
    for match in _NUMBERED.finditer(raw):
        read = match[1]
        yield _edit(
            match.start(1), read, read.translate(_TO_FIGURES), "stands behind a number sign"
        )


def _amounts(raw: str) -> Iterator[Edit]:
    """``ТОО г`` among other amounts: no figure in it, but a unit behind it, and amounts around."""
    for match in _AMOUNT.finditer(raw):
        read, unit = match.groups()
        others = [x for x in _NUMBER.finditer(raw) if not match.start() <= x.start() < match.end()]
        if (unit in _UNITS or unit == "%") and others and not _TOWN.match(raw, match.end(1)):
            figures = read.replace("Т", "1").replace("T", "1").translate(_TO_FIGURES)
            yield _edit(
                match.start(1), read, figures, f"{unit!r} follows, and {others[0][0]} beside"
            )


def _eleven(raw: str) -> Iterator[Edit]:
    """``II билетов`` after a number: eleven takes the genitive plural, a Roman two does not."""
    for match in _ELEVEN.finditer(raw):
        read, counted = match.groups()
        numbers = _NUMBER.search(raw[: match.start()])
        roman = counted.startswith(_ORDINAL) or regex.search(
            r"[IІVХX]\s*(?:[,-]|и)\s*$", raw[: match.start()]
        )
        if numbers and not roman and counted.endswith(_COUNTED):
            yield _edit(
                match.start(1), read, "11", f"{counted} are counted, and {numbers[0]} before"
            )


def _item(raw: str, below: Sequence[str]) -> Iterator[Edit]:
    """``I.`` of a list that goes on with ``2.``."""
    match = _FIRST_ITEM.match(raw)
    if match is None:
        return
    for line in below[:LIST]:
        if _ROMAN_ITEM.match(line):
            return
        if _SECOND_ITEM.match(line):
            yield _edit(match.start(1), match[1], "1", "the list goes on with 2")
            return


def _edit(start: int, before: str, after: str, why: str) -> Edit:
    return Edit(rule=RULE, start=start, before=before, after=after, evidence=why)
