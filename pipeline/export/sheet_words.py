"""What ALTO, PAGE and hOCR share: the lines of a sheet with their words, broken words known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from statistics import median

from pipeline.export.blocks import Block, blocks, broken_words, on_sheet
from pipeline.export.geometry import Direction, direction_of
from pipeline.export.options import Options
from pipeline.export.source import Source
from pipeline.export.tokens import LineWords, Token, line_words
from pipeline.model import Layer, Line, Page

_COURIER = 120.0
"""Points times characters an inch: type of ten to the inch is 12 points high."""


@dataclass(frozen=True)
class Sheet:
    """A document as sheets of lines, for the formats that show them.

    ``prefix``: what its ids begin with, where others are in the same file.
    """

    source: Source
    options: Options
    prefix: str = ""

    @property
    def layer(self) -> Layer:
        """The layer of its words: diplomatic where none was chosen."""
        return self.options.layer_or(Layer.DIPLOMATIC)

    @cached_property
    def _below(self) -> Mapping[str, Line]:
        return broken_words(self.source.document, self.options)

    @cached_property
    def _second_parts(self) -> Mapping[str, str]:
        """By the id of a line that goes on with a word: the whole word."""
        found = {}
        lines = {line.id: line for line in self.source.document.lines}
        for above, below in self._below.items():
            if whole := self.whole_word(self.words(lines[above])):
                found[below.id] = whole
        return found

    def words(self, line: Line) -> LineWords:
        """The words of ``line`` in the layer."""
        return line_words(line, self.layer)

    def blocks(self, page: Page) -> list[Block]:
        """The blocks of a page, lines without any sign left out."""
        some = blocks(on_sheet(page, self.options))
        return [
            Block(kind=block.kind, lines=tuple(x for x in block.lines if self.words(x).tokens))
            for block in some
            if any(self.words(line).tokens for line in block.lines)
        ]

    def whole_word(self, words: LineWords) -> str | None:
        """The word that the line's last token begins and another line goes on with."""
        below = self._below.get(words.line.id)
        if below is None or words.join is None or not words.tokens:
            return None
        rest = self.words(below).tokens
        last = words.tokens[-1].text
        if not rest or not last.endswith(words.join.before):
            return None
        return last.removesuffix(words.join.before) + words.join.after + rest[0].text

    def goes_on(self, line: Line) -> str | None:
        """The whole word that the line's first token is the end of."""
        return self._second_parts.get(line.id)

    def direction(self, page: Page) -> Direction:
        """Which way its lines run."""
        return direction_of(page)

    def type_size(self, page: Page) -> float | None:
        """Points of a typewriter's type as wide as that of the page; ``None`` where unknown.

        Ten characters to the inch are 12 points, twelve are 10.
        """
        dpi = page.scan.dpi
        if dpi is None or not self.direction(page).is_level:
            return None
        widths = [
            token.box.width / len(token.text)
            for line in on_sheet(page, self.options)
            for token in self.words(line).tokens
            if token.box is not None and len(token.text) >= 5
        ]
        if not widths:
            return None
        # From the first letter's left to the last one's right there is a little less than a cell
        # for each: about a tenth of one in words of that length.
        return round(_COURIER * median(widths) * 1.03 / dpi, 1)


def without_hyphen(words: LineWords, token: Token) -> str:
    """The last token's text without the hyphen that ``words`` ends in."""
    return token.text.removesuffix(words.join.before) if words.join else token.text
