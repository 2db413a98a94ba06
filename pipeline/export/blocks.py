"""Lines of a page in blocks: a paragraph, a heading, a run of lines of the form."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from pipeline.export.options import Options
from pipeline.model import Box, Document, Line, LineKind, Page, Verdict
from pipeline.transcript import joins_next, paragraphs, selected


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Lines of one kind that belong together, in reading order; at least one."""

    kind: LineKind
    lines: tuple[Line, ...]

    @property
    def box(self) -> Box | None:
        """The box around its lines; ``None`` where they have none."""
        return Box.around(line.box for line in self.lines if line.box is not None)

    @property
    def opens(self) -> bool:
        """Whether it begins a paragraph, and does not go on with the one before."""
        return self.lines[0].starts_paragraph


def on_sheet(page: Page, options: Options) -> tuple[Line, ...]:
    """The lines that show a sheet: all that were not dropped, or those of the chosen kinds."""
    kinds = tuple(LineKind) if options.kinds is None else options.kinds
    return selected(page.lines, kinds)


def in_text(page: Page, options: Options) -> tuple[Line, ...]:
    """The lines that a transcript holds: of its kinds, or of the chosen ones."""
    return selected(page.lines, options.text_kinds if options.kinds is None else options.kinds)


def dropped(page: Page) -> tuple[Line, ...]:
    """The lines that were dropped."""
    return tuple(line for line in page.lines if line.verdict is Verdict.DROP)


def blocks(lines: Iterable[Line]) -> list[Block]:
    """``lines`` (in reading order) in blocks: a new one with each kind or paragraph."""
    return [Block(kind=group[0].kind, lines=tuple(group)) for group in paragraphs(lines)]


def text_blocks(document: Document, options: Options) -> list[Block]:
    """The transcript in blocks, over all pages."""
    return blocks(line for page in document.pages for line in in_text(page, options))


def broken_words(document: Document, options: Options) -> dict[str, Line]:
    """By the id of each line whose last word goes on in another: that other line."""
    kept = selected(document.lines, options.kinds or options.text_kinds)
    return {line.id: below for line, below in pairwise(kept) if joins_next(line)}


def numbered(lines: Sequence[Line], page: Page) -> Iterator[tuple[int, Line]]:
    """Each of ``lines`` with its number on the page, counted from 1 over all lines that stay."""
    kept = [line for line in page.lines if line.verdict is not Verdict.DROP]
    places = {line.id: number for number, line in enumerate(kept, start=1)}
    return ((places[line.id], line) for line in lines)
