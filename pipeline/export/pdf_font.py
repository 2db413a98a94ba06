"""The font of the invisible text: every sign has its Unicode, and all have one and the same glyph.

Each grapheme cluster of a document is one code of two bytes. The glyph is a block, 0.6 em wide
as a typewriter's cell and one em high: text in render mode 3 shows none of it, and readers that
mark a word by its glyphs (PDFium takes two empty ones for the same) mark the whole of it. The
``ToUnicode`` map is in blocks of at most 100 rows: readers refuse longer ones, and a Russian
document with some Latin has more signs than that.
"""

from __future__ import annotations

import io
from functools import lru_cache

import pikepdf
import regex
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from pikepdf import Array, Dictionary, Name

WIDTH = 0.6
"""Of every glyph, in em."""

DESCENT = 0.2
"""How far a glyph goes below its baseline, in em; it is one em high."""

_BLOCK = 100
_MOST = 0xFFFF
_GRAPHEME = regex.compile(r"\X")
_HEAD = """/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def
/CMapName /Adobe-Identity-UCS def
/CMapType 2 def
1 begincodespacerange
<0000> <FFFF>
endcodespacerange
"""
_TAIL = """endcmap
CMapName currentdict /CMap defineresource pop
end
end
"""


class TextFont:
    """The font of one document: codes are given as its text is encoded."""

    def __init__(self) -> None:
        self._codes: dict[str, int] = {}

    def encode(self, text: str) -> tuple[bytes, int]:
        """``text`` as codes, and how many glyphs it is."""
        codes = [self._code(cluster) for cluster in _GRAPHEME.findall(text)]
        return b"".join(code.to_bytes(2, "big") for code in codes), len(codes)

    def make(self, pdf: pikepdf.Pdf) -> pikepdf.Object:
        """The font as an object of ``pdf``, when all text is encoded."""
        count = len(self._codes) + 1
        file = pdf.make_stream(block_font())
        file.Length1 = len(block_font())
        descriptor = Dictionary(
            Type=Name.FontDescriptor,
            FontName=Name("/DepeshaBlock"),
            Flags=4,
            FontBBox=Array([0, -200, 600, 800]),
            ItalicAngle=0,
            Ascent=800,
            Descent=-200,
            CapHeight=800,
            StemV=80,
            FontFile2=file,
        )
        descendant = Dictionary(
            Type=Name.Font,
            Subtype=Name.CIDFontType2,
            BaseFont=Name("/DepeshaBlock"),
            CIDSystemInfo=Dictionary(
                Registry=pikepdf.String("Adobe"), Ordering=pikepdf.String("Identity"), Supplement=0
            ),
            FontDescriptor=pdf.make_indirect(descriptor),
            DW=round(1000 * WIDTH),
            CIDToGIDMap=pdf.make_stream(b"\0\1" * count),
        )
        font = Dictionary(
            Type=Name.Font,
            Subtype=Name.Type0,
            BaseFont=Name("/DepeshaBlock"),
            Encoding=Name("/Identity-H"),
            DescendantFonts=Array([pdf.make_indirect(descendant)]),
            ToUnicode=pdf.make_stream(self._to_unicode()),
        )
        return pdf.make_indirect(font)

    def _code(self, cluster: str) -> int:
        # More than 65,000 different signs are no text; what comes after them is the last one.
        return self._codes.setdefault(cluster, min(len(self._codes) + 1, _MOST))

    def _to_unicode(self) -> bytes:
        rows = [
            f"<{code:04X}> <{cluster.encode('utf-16-be', 'replace').hex().upper()}>\n"
            for cluster, code in self._codes.items()
        ]
        blocks = [rows[start : start + _BLOCK] for start in range(0, len(rows), _BLOCK)]
        body = "".join(f"{len(block)} beginbfchar\n{''.join(block)}endbfchar\n" for block in blocks)
        return (_HEAD + body + _TAIL).encode("ascii")


@lru_cache(maxsize=1)
def block_font() -> bytes:
    """A TrueType font of two glyphs, both a block over the whole cell."""
    pen = TTGlyphPen(None)
    wide = round(1000 * WIDTH)
    pen.moveTo((0, -200))
    for corner in ((0, 800), (wide, 800), (wide, -200)):
        pen.lineTo(corner)
    pen.closePath()
    glyph = pen.glyph()
    builder = FontBuilder(1000, isTTF=True)
    names = [".notdef", "block"]
    builder.setupGlyphOrder(names)
    builder.setupCharacterMap({32: "block"})
    builder.setupGlyf(dict.fromkeys(names, glyph))
    builder.setupHorizontalMetrics(dict.fromkeys(names, (wide, 0)))
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    builder.setupNameTable({"familyName": "Depesha Block", "styleName": "Regular"})
    builder.setupOS2(sTypoAscender=800, sTypoDescender=-200, usWinAscent=800, usWinDescent=200)
    builder.setupPost(keepGlyphNames=False)
    builder.updateHead(created=0, modified=0)  # the same bytes each time
    stream = io.BytesIO()
    builder.font.recalcTimestamp = False
    builder.save(stream)
    return stream.getvalue()
