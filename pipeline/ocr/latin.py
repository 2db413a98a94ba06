"""Lines in Latin letters, such as abstracts in English: read once more by who knows these letters.

To readers of Russian ``The main features`` is ``ТВе папп Беацшгез``. A line that hardly holds a
Russian word is shown to Tesseract with the data of a Latin script, whose reading is taken where it
is sure, surer than the Russian one, and is no Russian in look-alike letters (``МОСКВА``). On such
data real Russian type reads with a confidence of 0.5 and less, English type with 0.85 and more.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cached_property

import regex

from pipeline.errors import DepeshaError
from pipeline.lexicon import knows
from pipeline.model import LATIN, Reading
from pipeline.ocr.engine import Engine, Provenance
from pipeline.ocr.latin_words import with_latin_words
from pipeline.pixels import Pixels
from pipeline.reading import mean_confidence
from pipeline.text import LATIN_TO_CYRILLIC

_LETTERS = 5
"""Letters from which a line shows its language."""

_RUSSIAN = 0.5
"""Share of a line's letters in known Russian words from which it is Russian."""

_SURE, _SURE_BESIDE = 0.8, 0.6
"""Confidence from which a reading in Latin letters is believed, and beside another such line."""

_WORD = regex.compile(r"\p{L}+")


class LatinReader:
    """Reads lines in Latin letters with Tesseract, which ``engine`` opens when a line wants it.

    ``data``: the hash of the data of its ``language``.
    """

    def __init__(self, engine: Callable[[], Engine], language: str, data: Provenance) -> None:
        self._open, self._language, self._data = engine, language, data

    @cached_property
    def _engine(self) -> Engine | None:
        """``None`` where it cannot be opened: all else is read without it."""
        try:
            return self._open()
        except DepeshaError:
            return None

    def provenance(self) -> Provenance:
        """Language, and the hash of its data."""
        return (("latin", self._language), *self._data)

    def better(
        self, lines: Sequence[tuple[Sequence[Pixels], Sequence[Reading]]]
    ) -> dict[int, list[Reading]]:
        """Readings in Latin letters, by place in ``lines``, of those that are better read so.

        ``lines``: one after the other on a page, the images of their cells, and what these were
        read as in Russian. Beside a line in Latin letters another is believed sooner.

        Raises:
            EngineError: Tesseract crashed or ran out of time.

        """
        found: dict[int, list[Reading]] = {}
        for place, (images, read) in enumerate(lines):
            if not may_be_latin(" ".join(reading.text for reading in read)):
                continue
            if self._engine is None:
                break
            latin = self._engine.read_lines(images)
            least = max(_least(latin), confidence(read))
            if confidence(latin) >= least and _is_latin(latin):
                found[place] = [replace(reading, reader=LATIN) for reading in latin]
        sure = [place for place, latin in found.items() if confidence(latin) >= _SURE]
        taken: set[int] = set()
        while sure:
            taken.update(sure)
            beside = {place + step for place in sure for step in (-1, 1)}
            sure = [place for place in beside if place in found and place not in taken]
        return {place: latin for place, latin in found.items() if place in taken}

    def with_words(self, images: Sequence[Pixels], read: Sequence[Reading]) -> list[Reading]:
        """``read``, the cells of a Russian line, with its words in Latin letters read anew.

        Raises:
            EngineError: Tesseract crashed or ran out of time.

        """
        return with_latin_words(lambda: self._engine, images, read)


def may_be_latin(text: str) -> bool:
    """Whether ``text``, read as Russian, holds letters and hardly a Russian word."""
    words = _WORD.findall(text)
    letters = sum(map(len, words))
    known = sum(len(word) for word in words if len(word) > 1 and knows(word))
    return letters >= _LETTERS and known < _RUSSIAN * letters


def _least(latin: Sequence[Reading]) -> float:
    """The confidence that what was read needs: capitals the recogniser knows too."""
    return _SURE_BESIDE if any(c.islower() for x in latin for c in x.text) else _SURE


def _is_latin(found: Sequence[Reading]) -> bool:
    """Whether what was ``found`` is no Russian in look-alike letters."""
    return may_be_latin(" ".join(reading.text for reading in found).translate(LATIN_TO_CYRILLIC))


def confidence(readings: Sequence[Reading]) -> float:
    """Mean confidence of the words of ``readings``, by their length."""
    return mean_confidence(word for reading in readings for word in reading.words) or 0.0
