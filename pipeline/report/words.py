"""Words and numbers in English and Russian; the page's script can change between the two."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

from pipeline.evaluate.statistics import Interval, Rate
from pipeline.report.markup import Markup, join, tag

LANGUAGES = ("en", "ru")
_FILE = Path(__file__).with_name("words.toml")
_GAP = "\u00a0"


@cache
def all_words() -> dict[str, tuple[str, str]]:
    """Key to the English and the Russian word."""
    with _FILE.open("rb") as stream:
        return {key: (both[0], both[1]) for key, both in tomllib.load(stream).items()}


class Speaker:
    """Says things in one language, marked so that the page's script can say them in the other."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._index = LANGUAGES.index(language)

    def plain(self, key: str) -> str:
        """The word alone, for titles and attributes."""
        return all_words()[key][self._index]

    def word(self, key: str, name: str = "span") -> Markup:
        """The word in an element of its own."""
        return tag(name, self.plain(key), data_t=key)

    def sentence(self, key: str, **numbers: Markup) -> Markup:
        """A sentence with numbers in its ``{a}`` and ``{b}``, in both languages at once."""
        parts = []
        for language, text in zip(LANGUAGES, all_words()[key], strict=True):
            filled: list[object] = []
            for index, piece in enumerate(text.split("{")):
                name, brace, rest = piece.partition("}")
                filled += [numbers[name], rest] if index and brace else [piece]
            parts.append(tag("span", join(filled), class_=f"only-{language}", lang=language))
        return join(parts)

    def percent(self, value: float | None, digits: int = 2) -> Markup:
        """A share; a dash where it is unknown."""
        if value is None:
            return Markup("–")
        shown = f"{100 * value:.{digits}f}".replace("-", "−")
        if self.language == "ru":
            shown = shown.replace(".", ",") + _GAP
        return tag("span", shown + "%", data_n=f"{value:.6f}", data_f=f"p{digits}")

    def count(self, value: int) -> Markup:
        """A whole number, thousands apart."""
        shown = f"{value:,}".replace(",", _GAP if self.language == "ru" else ",")
        return tag("span", shown, data_n=value, data_f="n")

    def interval(self, interval: Interval | None, digits: int = 2) -> Markup | None:
        """An interval in small type, ``None`` where there is none."""
        if interval is None:
            return None
        low, high = self.percent(interval.low, digits), self.percent(interval.high, digits)
        between = " … " if interval.low < 0 else " – "
        return tag("span", low, between, high, class_="interval")

    def rate(self, rate: Rate) -> Markup:
        """A rate with its interval."""
        return join((self.percent(rate.rate), " ", self.interval(rate.interval) or ""))
