"""The font of the invisible text: every sign has its Unicode, and all have one and the same glyph.

Each grapheme cluster of a document is one code of two bytes. The glyph is a block, 0.6 times as
wide as it is high, as a typewriter's cell: text in render mode 3 shows none of it, and readers that
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

WIDTH = 0.43
"""Of every glyph, in em; in thousandths of one it is a whole number, as fonts have it."""

EM = 0.6 / WIDTH
"""Heights of a glyph in an em.

Typewritten lines stand wide apart. Poppler, which arranges text anew, takes lines that are more
than some 1.5 em apart for paragraphs of their own, and those of facing sheets by turns.
"""

DESCENT = 0.2
"""How far a glyph goes below its baseline, in its heights."""

_TOP, _BOTTOM, _WIDE = (
    round(1000 * (1 - DESCENT) / EM),
    round(1000 * DESCENT / EM),
    round(1000 * WIDTH),
)
"""Of the glyph, in thousandths of an em: above its baseline, below it, from side to side."""

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
            FontBBox=Array([0, -_BOTTOM, _WIDE, _TOP]),
            ItalicAngle=0,
            Ascent=_TOP,
            Descent=-_BOTTOM,
            CapHeight=_TOP,
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
            DW=_WIDE,
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
    pen.moveTo((0, -_BOTTOM))
    for corner in ((0, _TOP), (_WIDE, _TOP), (_WIDE, -_BOTTOM)):
        pen.lineTo(corner)
    pen.closePath()
    glyph = pen.glyph()
    builder = FontBuilder(1000, isTTF=True)
    names = [".notdef", "block"]
    builder.setupGlyphOrder(names)
    builder.setupCharacterMap({32: "block"})
    builder.setupGlyf(dict.fromkeys(names, glyph))
    builder.setupHorizontalMetrics(dict.fromkeys(names, (_WIDE, 0)))
    builder.setupHorizontalHeader(ascent=_TOP, descent=-_BOTTOM)
    builder.setupNameTable({"familyName": "Depesha Block", "styleName": "Regular"})
    builder.setupOS2(
        sTypoAscender=_TOP, sTypoDescender=-_BOTTOM, usWinAscent=_TOP, usWinDescent=_BOTTOM
    )
    builder.setupPost(keepGlyphNames=False)
    builder.updateHead(created=0, modified=0)  # the same bytes each time
    stream = io.BytesIO()
    builder.font.recalcTimestamp = False
    builder.save(stream)
    return stream.getvalue()
