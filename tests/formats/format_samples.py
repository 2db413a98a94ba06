"""Small files of each format, made here."""

from __future__ import annotations

FIRST = "Далее товарищ Мао Цзе-дун"
SECOND = 'указал "союз" & мир'

PAGE_XML = """<?xml version="1.0" encoding="UTF-8"?>
<PcGts xmlns="http://schema.primaresearch.org/PAGE/gts/pagecontent/2019-07-15">
<!-- a remark -->
<Page imageFilename="a scan.png" imageWidth="800" imageHeight="600">
<ReadingOrder><OrderedGroup id="g"><RegionRefIndexed index="1" regionRef="r1"/>
<RegionRefIndexed index="0" regionRef="r2"/></OrderedGroup></ReadingOrder>
<TextRegion id="r1"><Coords points="10,40 700,40 700,60 10,60"/>
<TextLine id="l2"><Coords points="10,40 700,42 700,60 10,58"/>
<TextEquiv index="1"><Unicode>не то</Unicode></TextEquiv>
<TextEquiv index="0" conf="0.8"><Unicode>указал "союз" &amp; мир</Unicode></TextEquiv>
</TextLine></TextRegion>
<TextRegion id="r2"><TextLine id="l1">
<Word><Coords points="10,10 90,10 90,30 10,30"/><TextEquiv conf="0.9">
<Unicode>Далее</Unicode></TextEquiv></Word>
<Word><TextEquiv conf="0.5"><Unicode>товарищ</Unicode></TextEquiv></Word>
<Word><Coords><Point x="300" y="10"/><Point x="360" y="30"/></Coords>
<TextEquiv><Unicode>Мао Цзе-дун</Unicode></TextEquiv></Word>
</TextLine></TextRegion>
</Page></PcGts>
"""

ALTO_XML = """<?xml version="1.0" encoding="UTF-8"?>
<alto xmlns="http://www.loc.gov/standards/alto/ns-v4#">
<Description><MeasurementUnit>pixel</MeasurementUnit>
<sourceImageInformation><fileName>a scan.png</fileName></sourceImageInformation></Description>
<Layout><Page WIDTH="800" HEIGHT="600"><PrintSpace><ComposedBlock><TextBlock>
<TextLine HPOS="10" VPOS="10" WIDTH="700" HEIGHT="20">
<String CONTENT="Далее" WC="0.9" HPOS="10" VPOS="10" WIDTH="80" HEIGHT="20"/><SP/>
<String CONTENT="товарищ" WC="0.5"/><SP/><String CONTENT="Мао"/><SP/><String CONTENT="Цзе-дун"/>
</TextLine></TextBlock></ComposedBlock><TextBlock>
<TextLine><String CONTENT="указал"/><String CONTENT="&quot;союз&quot;"/><String CONTENT="&amp;"/>
<String CONTENT="мир"/></TextLine></TextBlock></PrintSpace></Page></Layout></alto>
"""

HOCR = """<!DOCTYPE html>
<html xmlns="http://www.w3.org/1999/xhtml"><head><title>не текст</title>
<script>alert("не текст")</script></head><body>
<div class='ocr_page' title='image "a scan.png"; bbox 0 0 800 600; ppageno 0'>
<p class='ocr_par'><span class='ocr_line' title="bbox 10 10 700 30; baseline 0 -5">
<span class='ocrx_word' title='bbox 10 10 90 30; x_wconf 90'><strong>Далее</strong></span>
<span class='ocrx_word' title='x_wconf 50'>товарищ</span>
<span class='ocrx_word'>Мао</span> <span class='ocrx_word'>Цзе-дун</span></span><br>
<span class='ocr_line' title="bbox 10 40 700 60"><span class='ocrx_word'>указал</span>
<span class='ocrx_word'>&quot;союз&quot;</span> &amp; <span class='ocrx_word'>мир</span>
</p></div></body></html>
"""

_ROWS = """level page_num block_num par_num line_num word_num left top width height conf text
1 1 0 0 0 0 0 0 800 600 -1
3 1 1 1 0 0 10 10 700 50 -1
4 1 1 1 1 0 10 10 700 20 -1
5 1 1 1 1 1 10 10 80 20 90.000000 Далее
5 1 1 1 1 2 100 10 80 20 50 товарищ
5 1 1 1 1 3 200 10 80 20 50 Мао
5 1 1 1 1 4 300 10 80 20 50 Цзе-дун
4 1 1 1 2 0 10 40 700 20 -1
5 1 1 1 2 1 10 40 80 20 90 указал
5 1 1 1 2 2 100 40 80 20 90 "союз"
5 1 1 1 2 3 200 40 80 20 90 &
5 1 1 1 2 4 300 40 80 20 90 мир
"""
TSV = "".join("\t".join(row.split(" ", 11)) + "\n" for row in _ROWS.splitlines())


def _signs(text: str, top: int) -> str:
    return "".join(
        f'<charParams l="{10 + 20 * i}" t="{top}" r="{28 + 20 * i}" b="{top + 20}"'
        f' charConfidence="90">{sign.replace("&", "&amp;")}</charParams>'
        for i, sign in enumerate(text)
    )


_ABBYY_NS = "http://www.abbyy.com/FineReader_xml/FineReader10-schema-v1.xml"
ABBYY = f"""<?xml version="1.0" encoding="UTF-8"?>
<document xmlns="{_ABBYY_NS}" version="1.0">
<page width="800" height="600" resolution="300"><block blockType="Text" l="0" t="0" r="700" b="70">
<text><par><line baseline="30" l="10" t="10" r="700" b="30"><formatting lang="RussianStandard">
{_signs(FIRST, 10)}</formatting></line>
<line baseline="60" l="10" t="40" r="700" b="60"><formatting lang="RussianStandard">
{_signs(SECOND, 40)}</formatting></line></par></text></block></page></document>
"""

PLAIN = f"{FIRST}\n\n{SECOND}\n"

FORMATS = {
    "page.xml": PAGE_XML,
    "alto.xml": ALTO_XML,
    "hocr.hocr": HOCR,
    "hocr.html": HOCR,
    "tesseract.tsv": TSV,
    "abbyy.xml": ABBYY,
    "plain.txt": PLAIN,
}

BOMB = """<?xml version="1.0"?>
<!DOCTYPE lolz [<!ENTITY a "лол"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;">]>
<PcGts><Page><TextRegion><TextEquiv><Unicode>&d;&d;&d;&d;</Unicode></TextEquiv></TextRegion></Page></PcGts>
"""

OUTSIDE = """<?xml version="1.0"?>
<!DOCTYPE x [<!ENTITY secret SYSTEM "file:///etc/passwd">]>
<alto><Layout><Page><TextBlock><TextLine><String CONTENT="&secret;"/></TextLine></TextBlock>
</Page></Layout></alto>
"""

BAD: dict[str, tuple[bytes, str]] = {
    "cut.xml": (PAGE_XML[:600].encode(), "broken XML"),
    "other.xml": (b"<?xml version='1.0'?><TEI><text/></TEI>", "neither PAGE nor ALTO"),
    "page.html": ("<html><body><p>страница</p></body></html>".encode(), "<html>"),
    "bomb.xml": (BOMB.encode(), "declares entities"),
    "outside.xml": (OUTSIDE.encode(), "declares entities"),
    "old.txt": ("текст в другой кодировке".encode("cp1251"), "not UTF-8"),
    "wide.txt": ("текст".encode("utf-16"), "not UTF-8"),
    "old.hocr": (HOCR.encode("cp1251"), "not UTF-8"),
    "liar.xml": (b"<?xml version='1.0' encoding='no-such-set'?><PcGts/>", "broken XML"),
}
"""Files that cannot be read, and words of the error that says so."""
