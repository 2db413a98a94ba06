"""The pages of a TIFF, from its chain of directories (TIFF 6.0, section 2; BigTIFF).

Pillow counts pages too, but takes a directory that is cut off for the end of the file: the
pages behind the cut would go missing without a word. Here they count, as damaged.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import BinaryIO

_SUBFILE_TYPE, _COMPRESSION = 254, 259
_REDUCED, _MASK = 1, 4  # bits of tag 254: a smaller copy of a page; which parts of it to show
_MAX_PAGES = 100_000

_NOT_READ = {
    6: "old-style JPEG",
    34661: "JBIG",
    34712: "JPEG 2000",
    34887: "LERC",
    34892: "lossy JPEG of DNG",
    50001: "WebP",
    50002: "JPEG XL",
}
"""Compressions (tag 259) of whole files that cannot be read here, or not always."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Layout:
    """How a directory is written: ``struct`` formats of its parts."""

    order: str
    count: str
    entry: str
    pointer: str

    def unpack(self, form: str, data: bytes) -> tuple[int, ...]:
        return struct.unpack(self.order + form, data)

    def size(self, form: str) -> int:
        return struct.calcsize(self.order + form)


_CLASSIC = ("H", "HHI4x", "I")
_BIG = ("Q", "HHQ8x", "Q")


@dataclass(frozen=True, slots=True, kw_only=True)
class TiffPage:
    """A page: the index (from 0) of its directory in the chain, and tag 259."""

    index: int
    compression: int = 1

    @property
    def not_read(self) -> str | None:
        """What its compression is called, where it may not be readable here."""
        name = _NOT_READ.get(self.compression)
        return name and f"{self.compression}, {name}"


def tiff_pages(stream: BinaryIO) -> tuple[TiffPage, ...]:
    """The directories that are pages; thumbnails and masks are none.

    A directory that is cut off, or a pointer beyond the end of the file, counts as one last
    page, which then cannot be loaded. Empty where not even the header can be read.
    """
    stream.seek(0, 2)
    size = stream.tell()
    stream.seek(0)
    try:
        layout, offset = _header(stream)
    except struct.error:
        return ()
    found: list[tuple[bool, TiffPage]] = []
    seen: set[int] = set()
    while offset and offset not in seen and len(found) < _MAX_PAGES:
        seen.add(offset)
        try:
            tags, offset = _directory(stream, layout, offset, size)
        except struct.error:
            found.append((True, TiffPage(index=len(found))))
            break
        is_page = not tags.get(_SUBFILE_TYPE, 0) & (_REDUCED | _MASK)
        page = TiffPage(index=len(found), compression=tags.get(_COMPRESSION, 1))
        found.append((is_page, page))
    return tuple(page for is_page, page in found if is_page) or tuple(page for _, page in found)


def _header(stream: BinaryIO) -> tuple[_Layout, int]:
    head = stream.read(8)
    order = "<" if head[:2] == b"II" else ">"
    (version,) = struct.unpack(order + "H", head[2:4])
    count, entry, pointer = _BIG if version == 43 else _CLASSIC
    layout = _Layout(order=order, count=count, entry=entry, pointer=pointer)
    where = head[4:8] if version != 43 else stream.read(8)
    return layout, layout.unpack(pointer, where)[0]


def _directory(
    stream: BinaryIO, layout: _Layout, offset: int, size: int
) -> tuple[dict[int, int], int]:
    """The tags of the directory at ``offset`` that are looked at, and where the next one stands.

    Raises:
        struct.error: it does not lie within the ``size`` bytes of the file.

    """
    if offset >= size:
        raise struct.error("beyond the end of the file")
    stream.seek(offset)
    (entries,) = layout.unpack(layout.count, stream.read(layout.size(layout.count)))
    length = entries * layout.size(layout.entry)
    if stream.tell() + length > size:
        raise struct.error("cut off")
    data = stream.read(length)
    (following,) = layout.unpack(layout.pointer, stream.read(layout.size(layout.pointer)))
    return _tags(layout, data), following


def _tags(layout: _Layout, data: bytes) -> dict[int, int]:
    width = layout.size(layout.entry)
    value_width = 8 if layout.pointer == "Q" else 4
    found: dict[int, int] = {}
    for start in range(0, len(data), width):
        entry = data[start : start + width]
        tag, kind, _ = layout.unpack(layout.entry, entry)
        if tag in {_SUBFILE_TYPE, _COMPRESSION}:
            form = "H" if kind == 3 else "I"
            value = entry[-value_width:][: struct.calcsize(form)]
            found[tag] = layout.unpack(form, value)[0]
    return found
