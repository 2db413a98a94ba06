"""``facsimile``: each page's scan with a zone for every line on it."""

from __future__ import annotations

from urllib.parse import quote
from xml.etree.ElementTree import Element

from pipeline.export.safe import safe
from pipeline.export.source import Source
from pipeline.export.tei_lines import Ids
from pipeline.export.xml import add, element
from pipeline.model import Box, Verdict


def facsimile(source: Source, ids: Ids) -> Element:
    """Surfaces in pixels of the scan; zones of dropped lines too, for nothing is lost."""
    made = element("facsimile")
    made.text = "\n"
    for page in source.document.pages:
        scan = page.scan
        whole = Box(left=0, top=0, right=scan.width or 1, bottom=scan.height or 1)
        surface = add(made, "surface", n=page.number, **_corners(whole))
        surface.set("xml:id", ids.page(page.number))
        surface.text, surface.tail = "\n", "\n"
        url = quote(safe(scan.path).replace("\\", "/"), safe="/:~!$&'()*+,;=@%")
        graphic = add(
            surface, "graphic", url=url, width=f"{whole.right}px", height=f"{whole.bottom}px",
            n=scan.page if scan.page > 1 else None,
        )  # fmt: skip
        graphic.tail = "\n"
        for line in page.lines:
            if line.box is None:
                continue
            dropped = line.verdict is Verdict.DROP
            zone = add(
                surface, "zone", type="dropped" if dropped else "line",
                subtype="unsure" if line.verdict is Verdict.UNSURE else None, **_corners(line.box),
            )  # fmt: skip
            zone.set("xml:id", ids.zone(line.id))
            zone.tail = "\n"
    return made


def _corners(box: Box) -> dict[str, object]:
    return {"ulx": box.left, "uly": box.top, "lrx": box.right, "lry": box.bottom}
