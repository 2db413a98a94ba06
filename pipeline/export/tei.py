"""TEI P5: a document as an edition has it, what a machine did told from what a person did.

``docs/depesha.odd`` documents which elements are used and what their types mean.
"""

from __future__ import annotations

from xml.etree.ElementTree import Element, tostring

from pipeline.export.formats import Made
from pipeline.export.options import Options
from pipeline.export.source import SOFTWARE, Source, prefix_of
from pipeline.export.tei_facsimile import facsimile
from pipeline.export.tei_header import header
from pipeline.export.tei_lines import Ids
from pipeline.export.tei_text import text
from pipeline.export.xml import element

ENDING = ".tei.xml"
NAMESPACE = "http://www.tei-c.org/ns/1.0"
_DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'
_CORPUS = (
    f'<teiCorpus xmlns="{NAMESPACE}">\n<teiHeader><fileDesc><titleStmt>'
    f"<title>{SOFTWARE}</title></titleStmt><publicationStmt><p>Not published.</p>"
    "</publicationStmt><sourceDesc><p>Each text has its own.</p></sourceDesc></fileDesc>"
    "</teiHeader>\n"
)

HEADS: Made = {ENDING: (_DECLARATION + _CORPUS).encode()}
TAILS: Made = {ENDING: b"</teiCorpus>\n"}


def export(source: Source, options: Options) -> Made:
    """The document as a file of its own."""
    return {ENDING: _DECLARATION.encode() + _bytes(_document(source, options, Ids()))}


def part(source: Source, options: Options) -> Made:
    """The document in a corpus: its ids are told from those of others."""
    return {ENDING: _bytes(_document(source, options, Ids(prefix_of(source))))}


def _document(source: Source, options: Options, ids: Ids) -> Element:
    root = element("TEI", xmlns=NAMESPACE)
    root.set("xml:lang", "ru")
    root.append(header(source, options, ids))
    if source.has_scan:
        root.append(facsimile(source, ids))
    root.append(text(source, options, ids))
    return root


def _bytes(root: Element) -> bytes:
    return bytes(tostring(root, encoding="unicode").encode()) + b"\n"
