"""The pages of a TIFF, from its chain of directories (TIFF 6.0, section 2; BigTIFF).

Pillow counts pages too, but takes a directory that is cut off for the end of the file: the
pages behind the cut would go missing without a word. Here they count, as damaged.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import BinaryIO

_SUBFILE_TYPE = 254
_REDUCED = 1  # bit 0 of tag 254: a smaller copy of another page
_MAX_PAGES = 100_000


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


def page_indices(stream: BinaryIO) -> tuple[int, ...]:
    """Indices (from 0, in the chain) of the directories that are pages, thumbnails left out.

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
    reduced: list[bool] = []
    seen: set[int] = set()
    while offset and offset not in seen and len(reduced) < _MAX_PAGES:
        seen.add(offset)
        try:
            is_reduced, offset = _directory(stream, layout, offset, size)
        except struct.error:
            reduced.append(False)
            break
        reduced.append(is_reduced)
    full = tuple(index for index, small in enumerate(reduced) if not small)
    return full or tuple(range(len(reduced)))


def _header(stream: BinaryIO) -> tuple[_Layout, int]:
    head = stream.read(8)
    order = "<" if head[:2] == b"II" else ">"
    (version,) = struct.unpack(order + "H", head[2:4])
    count, entry, pointer = _BIG if version == 43 else _CLASSIC
    layout = _Layout(order=order, count=count, entry=entry, pointer=pointer)
    where = head[4:8] if version != 43 else stream.read(8)
    return layout, layout.unpack(pointer, where)[0]


def _directory(stream: BinaryIO, layout: _Layout, offset: int, size: int) -> tuple[bool, int]:
    """Whether the directory at ``offset`` is a thumbnail, and where the next one stands.

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
    return _is_reduced(layout, data), following


def _is_reduced(layout: _Layout, data: bytes) -> bool:
    width = layout.size(layout.entry)
    value_width = 8 if layout.pointer == "Q" else 4
    for start in range(0, len(data), width):
        entry = data[start : start + width]
        tag, kind, _ = layout.unpack(layout.entry, entry)
        if tag == _SUBFILE_TYPE:
            form = "H" if kind == 3 else "I"
            value = entry[-value_width:][: struct.calcsize(form)]
            return bool(layout.unpack(form, value)[0] & _REDUCED)
    return False
