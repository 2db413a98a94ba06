"""A file of any of the formats as a :class:`~pipeline.model.Document`."""

from __future__ import annotations

import re
from pathlib import Path

from pipeline.errors import DepeshaError
from pipeline.formats.abbyy import is_abbyy, read_abbyy
from pipeline.formats.alto import read_alto
from pipeline.formats.hocr import read_hocr
from pipeline.formats.page_xml import read_page_xml
from pipeline.formats.parts import FormatError, PageParts, finished, local, parse
from pipeline.formats.tsv import HEAD, read_tsv
from pipeline.model import Document

SUFFIXES = (".txt", ".xml", ".hocr", ".html", ".htm", ".tsv")
"""Names of files that may hold a result or a truth (beside our own JSON)."""

_STEMS = (
    ".gt.txt",
    ".gt.json",
    ".gt.tsv",
    ".gt.xml",
    ".gt.hocr",
    ".page.xml",
    ".alto.xml",
    ".hocr.html",
    ".json",
    *SUFFIXES,
)
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_CHARSET = re.compile(rb"(?:charset|encoding)\s*=\s*[\"']?\s*([A-Za-z0-9._-]{1,40})")
_ROOTS = {"PcGts": read_page_xml, "alto": read_alto}


def stem_of(path: Path) -> str:
    """The name that files are matched by: ``a`` for ``a.gt.txt``, ``a.alto.xml``, ``A.HOCR`` ..."""
    small = path.name.lower()
    for suffix in _STEMS:
        if small.endswith(suffix) and small != suffix:
            return path.name[: -len(suffix)]
    return path.name


def read_document(path: Path, error: type[DepeshaError], *, plain: bool = True) -> Document:
    """What ``path`` holds: PAGE, ALTO or ABBYY XML, hOCR, TSV, or else (``plain``) plain text.

    Lines are body and kept; words have boxes and confidences where the format has them.
    An empty file is a document without lines; form feeds part the pages of plain text.

    Raises:
        DepeshaError: (of the class ``error``) it cannot be read, is not UTF-8, is broken XML
            or XML of another kind, declares entities, has impossible boxes, or has places for
            text (lines, words, regions) and no text in any of them: a segmentation alone; or it is
            plain text where that is not wanted.

    """
    try:
        data = path.read_bytes()
    except OSError as fault:
        raise error(path, f"cannot be read: {fault.strerror or fault}") from fault
    try:
        pages = _pages(data, plain=plain)
    except FormatError as fault:
        raise error(path, str(fault)) from fault
    except RecursionError as fault:
        raise error(path, "is nested too deeply") from fault
    except UnicodeDecodeError as fault:
        where = f"byte {fault.start}"
        raise error(path, f"is not UTF-8 ({where}); save it as UTF-8") from fault
    if not any(page.lines for page in pages) and (places := sum(page.places for page in pages)):
        raise error(path, f"has {places} lines or regions and no text in any of them")
    return Document(id=stem_of(path), pages=finished(pages, path.name))


def _pages(data: bytes, *, plain: bool) -> list[PageParts]:
    head = data[:4096].lstrip(b"\xef\xbb\xbf \t\r\n")
    if b"ocr_page" in data and head[:1] == b"<":
        return read_hocr(_declared(data))
    if data.startswith(_UTF16) and "ocr_page" in (text := _decoded(data)):
        return read_hocr(text)
    if head.startswith((b"<?xml", b"<PcGts", b"<alto", b"<!DOCTYPE", b"<!doctype", b"<html")) or (
        data.startswith((b"\xff\xfe<\x00", b"\xfe\xff\x00<"))  # UTF-16
        or (head.startswith(b"<") and not plain)
    ):
        root = parse(data)
        reader = read_abbyy if is_abbyy(root) else _ROOTS.get(local(root))
        if reader is None:
            known = "PAGE nor ALTO nor ABBYY XML nor hOCR"
            raise FormatError(f"is XML, but neither {known}: <{local(root)[:40]}>")
        return reader(root)
    if head.startswith(HEAD.encode()) or (
        data.startswith(_UTF16) and _decoded(data).startswith(HEAD)
    ):
        return read_tsv(_decoded(data))
    if not plain:
        raise FormatError(
            "is none of PAGE, ALTO and ABBYY XML, hOCR and Tesseract TSV, as its name says; "
            "name plain text `.txt`"
        )
    return [_plain(text) for text in _utf8(data).split("\f")]


def _decoded(data: bytes) -> str:
    if data.startswith(_UTF16):
        return data.decode("utf-16")
    return _utf8(data)


def _utf8(data: bytes) -> str:
    return data.removeprefix(b"\xef\xbb\xbf").decode()


def _declared(data: bytes) -> str:
    """A page of HTML in the character set that it says it is in, or else UTF-8.

    Raises:
        FormatError: there is no such set, or the page is not in it.

    """
    said = _CHARSET.search(data[:4096])
    if said is None:
        return _decoded(data)
    name = said[1].decode("ascii").lower()
    try:
        return data.removeprefix(b"\xef\xbb\xbf").decode(name)
    except UnicodeDecodeError as error:
        raise FormatError(f"is not {name}, as it says it is (byte {error.start})") from error
    except LookupError as error:
        raise FormatError(f"is in {name}, as it says: that is no character set") from error


def _plain(text: str) -> PageParts:
    parts = PageParts()
    for row in text.splitlines():
        parts.add("file", row, None)
    return parts
