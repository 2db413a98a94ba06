"""hOCR 1.2 (XHTML): pages, areas, paragraphs, lines with baselines, words with confidence."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote
from xml.etree.ElementTree import Element, tostring

from pipeline.export.blocks import Block
from pipeline.export.formats import Made
from pipeline.export.geometry import baseline
from pipeline.export.options import Options
from pipeline.export.safe import one_line
from pipeline.export.sheet_words import Sheet
from pipeline.export.source import SOFTWARE, Source, prefix_of
from pipeline.export.xml import add, append_text, element
from pipeline.model import Box, LineKind, Page

ENDING = ".hocr"
_CAPABILITIES = "ocr_page ocr_carea ocr_par ocr_line ocr_header ocrx_word ocrp_lang"
_LINES = {LineKind.HEADING: "ocr_header"}
_START = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN"'
    ' "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">\n'
    '<html xmlns="http://www.w3.org/1999/xhtml" xml:lang="ru" lang="ru">\n'
)
_END = "</body>\n</html>\n"


def export(source: Source, options: Options) -> Made:
    """One file with all pages."""
    facts = [*source.provenance(), *(("export." + key, value) for key, value in options.pairs())]
    facts += [(f"metadata.{key}", value) for key, value in source.metadata.items()]
    pages = ("ocr-number-of-pages", str(len(source.document.pages)))
    head = _head(source.title, source.software, [pages, *((f"depesha.{k}", v) for k, v in facts)])
    return {ENDING: head + _body(Sheet(source, options)) + _END.encode()}


def part(source: Source, options: Options) -> Made:
    """The pages of one document among others: its ids are told from theirs."""
    return {ENDING: _body(Sheet(source, options, prefix_of(source)))}


def _body(sheet: Sheet) -> bytes:
    return b"".join(_bytes(page) for page in _pages(sheet))


def _head(title: str, software: str, facts: list[tuple[str, str]]) -> bytes:
    head = element("head")
    add(head, "title", one_line(title))
    add(head, "meta", **{"http-equiv": "Content-Type"}, content="text/html;charset=utf-8")
    add(head, "meta", name="ocr-system", content=software)
    add(head, "meta", name="ocr-capabilities", content=_CAPABILITIES)
    add(head, "meta", name="ocr-langs", content="ru")
    add(head, "meta", name="ocr-scripts", content="Cyrl")
    for name, value in facts:
        add(head, "meta", name=name, content=value)
    return _START.encode() + _bytes(head) + b"<body>\n"


def _pages(sheet: Sheet) -> Iterator[Element]:
    for page in sheet.source.document.pages:
        scan = page.scan
        title = [f'image "{_quoted(scan.path)}"', f"bbox 0 0 {scan.width} {scan.height}"]
        title.append(f"ppageno {page.number - 1}")
        if scan.dpi is not None:
            title.append(f"scan_res {scan.dpi:.0f} {scan.dpi:.0f}")
        made = element("div", **{"class": "ocr_page"}, id=f"{sheet.prefix}page_{page.number}",
                       title="; ".join(title))  # fmt: skip
        made.set("data-document", one_line(sheet.source.document.id))
        for number, block in enumerate(sheet.blocks(page), start=1):
            _area(made, sheet, page, number, block)
        yield made


def _area(parent: Element, sheet: Sheet, page: Page, number: int, block: Block) -> None:
    place = _bbox(block.box)
    name, own = f"{page.number}_{number}", sheet.prefix
    area = add(parent, "div", **{"class": "ocr_carea"}, id=f"{own}block_{name}", title=place)
    area.set("data-kind", block.kind)
    paragraph = add(
        area, "p", **{"class": "ocr_par"}, id=f"{own}par_{name}", title=place, lang="ru"
    )
    for line in block.lines:
        words = sheet.words(line)
        title = [_bbox(line.box)]
        if level := baseline(words, sheet.direction(page)):
            title.append(f"baseline {level[0]:.4f} {level[1]:.0f}")
        row = add(
            paragraph, "span", id=f"{own}line_{line.id}", title="; ".join(filter(None, title)),
            **{"class": _LINES.get(block.kind, "ocr_line")},
        )  # fmt: skip
        for index, token in enumerate(words.tokens, start=1):
            about = [_bbox(token.box)]
            if token.confidence is not None:
                about.append(f"x_wconf {100 * token.confidence:.0f}")
            word_id = f"{own}word_{line.id}_{index}"
            add(row, "span", token.text, **{"class": "ocrx_word"}, id=word_id,
                title="; ".join(filter(None, about)))  # fmt: skip
            append_text(row, " " if index < len(words.tokens) else "")
        append_text(paragraph, "\n")


def _bbox(box: Box | None) -> str:
    return "" if box is None else f"bbox {box.left} {box.top} {box.right} {box.bottom}"


def _quoted(path: str) -> str:
    """A path that cannot end the quotation, the property or the line."""
    signs = {sign: quote(sign) for sign in '"\\;\r\n\t'}
    return "".join(signs.get(sign, sign) for sign in path)


def _bytes(made: Element) -> bytes:
    return bytes(tostring(made, encoding="utf-8")).removeprefix(
        b"<?xml version='1.0' encoding='utf-8'?>\n"
    ) + b"\n"  # fmt: skip


HEADS: Made = {ENDING: _head("Depesha", SOFTWARE, [])}
TAILS: Made = {ENDING: _END.encode()}
