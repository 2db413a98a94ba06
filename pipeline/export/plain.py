"""Plain text: the transcript with page marks, and with numbers of its lines where wished."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.export.blocks import in_text, numbered, text_blocks
from pipeline.export.formats import Made
from pipeline.export.options import Options
from pipeline.export.safe import encoded, one_line
from pipeline.export.source import Source
from pipeline.export.tokens import joined, line_words
from pipeline.model import Layer, Line

ENDING = ".txt"
HEADS: Made = {ENDING: b""}
TAILS: Made = {ENDING: b""}


def export(source: Source, options: Options) -> Made:
    """The transcript; a page mark stands where a page begins, also inside a paragraph."""
    return {ENDING: encoded("".join(_lines(source, options)))}


def part(source: Source, options: Options) -> Made:
    """The document in a file of many, under its title."""
    title = one_line(source.title)
    text = "".join(_lines(source, options))
    return {ENDING: encoded(f"=== {title} ===\n\n{text}\n")}


def page_mark(number: int) -> str:
    """``[стр. 2]``: where page ``number`` begins."""
    return f"[стр. {number}]"


def by_line(source: Source, options: Options) -> Iterator[tuple[int, list[tuple[int, str]]]]:
    """The pages: their numbers, and their lines as typed, each with its number on the page."""
    for page in source.document.pages:
        yield (
            page.number,
            [
                (number, line.text_in(options.layer_or(Layer.DIPLOMATIC)).strip())
                for number, line in numbered(in_text(page, options), page)
            ],
        )


def by_paragraph(source: Source, options: Options) -> Iterator[tuple[Line, str]]:
    """The paragraphs, with the first line of each; page marks stand where pages begin.

    Words that a line's end broke are whole.
    """
    pages = {line.id: page.number for page in source.document.pages for line in page.lines}
    many = len(source.document.pages) > 1
    before = None
    for block in text_blocks(source.document, options):
        parts: list[str] = []
        for words, texts in joined([line_words(line, Layer.READING) for line in block.lines]):
            page = pages[words.line.id]
            if many and page != before:
                parts.append(page_mark(page))
            before = page
            parts += [text for text in texts if text]
        yield block.lines[0], " ".join(parts)


def _lines(source: Source, options: Options) -> Iterator[str]:
    if options.layer is Layer.DIPLOMATIC or options.line_numbers:
        many = len(source.document.pages) > 1
        for page, lines in by_line(source, options):
            if many:
                yield page_mark(page) + "\n"
            for number, text in lines:
                yield (f"{number:>4}  {text}\n" if options.line_numbers else f"{text}\n")
    else:
        for _, text in by_paragraph(source, options):
            yield text + "\n"
