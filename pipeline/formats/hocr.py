"""hOCR (HTML with the classes ``ocr_page``, ``ocr_line``, ``ocrx_word``), well-formed or not.

Words and paragraphs outside lines count too: what a paragraph holds beside its lines is a line.
"""

from __future__ import annotations

import re
from html.parser import HTMLParser

from pipeline.formats.parts import PageParts, box_of, place_of, share_of
from pipeline.model import Box, Word

READER = "hOCR"
_LINES = {"ocr_line", "ocr_header", "ocr_caption", "ocr_textfloat", "ocrx_line"}
_PARAGRAPHS = {"ocr_par", "ocr_carea"}
_WORDS = {"ocrx_word", "ocr_word"}
_VOID = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "wbr"}
_UNREAD = {"script", "style", "title", "head"}
_IMAGE = re.compile(r"""image\s+(?:"([^"]*)"|'([^']*)'|([^;]+))""")


def read_hocr(text: str) -> list[PageParts]:
    """The pages of an hOCR file."""
    reader = _Reader()
    reader.feed(text)
    reader.close()
    reader.end_all()
    return reader.pages


class _Reader(HTMLParser):
    """Keeps what is open: each tag with what it is to us (page, paragraph, line, word)."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pages: list[PageParts] = []
        self.open: list[tuple[str, str, str]] = []
        self.text: list[str] = []
        self.words: list[Word] = []
        self.word: list[str] = []
        self.starts_paragraph = False
        self.blank = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _VOID:
            return
        found = {name: value or "" for name, value in attrs}
        role, title = self._role(found.get("class", "").split()), found.get("title", "")
        self.open.append((tag, role, title))
        if role == "page":
            if self.pages:
                self.end_line("")
            self.pages.append(_new_page(title))
        elif role == "paragraph":
            if self.pages:
                self.end_line("")
            self.starts_paragraph = True
        elif role == "line":
            self.end_line("")
        elif role == "word":
            # Some writers leave no space between the elements of two words.
            if self.text and not self.text[-1][-1:].isspace():
                self.text.append(" ")
            self.word = []

    def handle_endtag(self, tag: str) -> None:
        if tag not in (name for name, _, _ in self.open):
            return
        while self.open:
            name, role, title = self.open.pop()
            self._ended(role, title)
            if name == tag:
                return

    def handle_data(self, data: str) -> None:
        roles = [role for _, role, _ in self.open]
        if any(name in _UNREAD for name, _, _ in self.open):
            return
        if not {"line", "word", "paragraph"} & set(roles):
            return
        self.text.append(data)
        if "word" in roles:
            self.word.append(data)

    def end_all(self) -> None:
        """Close what a file that was cut off left open."""
        while self.open:
            _, role, title = self.open.pop()
            self._ended(role, title)

    def _role(self, classes: list[str]) -> str:
        if "ocr_page" in classes:
            return "page"
        if _PARAGRAPHS & set(classes):
            return "paragraph"
        if _LINES & set(classes):
            return "line"
        return "word" if _WORDS & set(classes) else ""

    def _ended(self, role: str, title: str) -> None:
        if role == "word":
            text = "".join(self.word)
            self.blank = self.blank or text.isspace()
            if text := text.strip():
                confidence = share_of(_value(title, "x_wconf"), 100)
                self.words.append(Word(text=text, box=_box(title), confidence=confidence))
        elif role == "line":
            self.end_line(title)
        elif role in ("paragraph", "page"):
            self.end_line("")

    def end_line(self, title: str) -> None:
        """What was read since the last line is a line, if it is anything; ``title`` has its box."""
        if not self.pages:
            self.pages.append(PageParts())
        page, text = self.pages[-1], "".join(self.text)
        # A word that is one space is how Tesseract writes a page without text.
        page.places += bool(text.strip()) or (bool(title) and not self.blank)
        if text.strip():
            page.add(READER, text, _box(title), self.words, starts_paragraph=self.starts_paragraph)
            self.starts_paragraph = False
        self.text, self.words, self.blank = [], [], False


def _new_page(title: str) -> PageParts:
    image = _IMAGE.search(title)
    box = _box(title)
    return PageParts(
        scan=next((x for x in image.groups() if x), "").strip() if image else "",
        width=box.right if box else None,
        height=box.bottom if box else None,
    )


def _value(title: str, name: str) -> str | None:
    for part in title.split(";"):
        key, _, value = part.strip().partition(" ")
        if key == name:
            return value.strip()
    return None


def _box(title: str) -> Box | None:
    numbers = [place_of(x) for x in (_value(title, "bbox") or "").split()]
    return box_of([x for x in numbers if x is not None])
