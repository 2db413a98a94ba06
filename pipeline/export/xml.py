"""XML being built: elements with text that XML can hold, and their bytes."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from pipeline.export.safe import safe

_NOT_IN_IDS = re.compile(r"[^A-Za-z0-9_.-]")


def element(name: str, text: str | None = None, /, **attributes: object) -> Element:
    """An element; attributes that are ``None`` are left out."""
    made = Element(name)
    return _filled(made, text, attributes)


def add(parent: Element, name: str, text: str | None = None, /, **attributes: object) -> Element:
    """A new last child of ``parent``; as :func:`element`."""
    return _filled(SubElement(parent, name), text, attributes)


def append_text(parent: Element, text: str) -> None:
    """``text`` after all that is in ``parent``."""
    text = safe(text)
    if len(parent):
        parent[-1].tail = (parent[-1].tail or "") + text
    else:
        parent.text = (parent.text or "") + text


def xml_id(*parts: object) -> str:
    """An id of ``parts``: a letter first, then letters, figures, ``_``, ``.`` and ``-``."""
    return "i" * (not str(parts[0])[:1].isalpha()) + _NOT_IN_IDS.sub("_", "-".join(map(str, parts)))


def to_bytes(root: Element, *, indented: bool = True) -> bytes:
    """The file: UTF-8 with a declaration. White space is put in only where ``indented``."""
    if indented:
        indent(root, " ")
    return bytes(tostring(root, encoding="utf-8", xml_declaration=True)) + b"\n"


def decimal(value: float) -> str:
    """A share of 0 to 1 with four places, without a needless end."""
    return f"{value:.4f}".rstrip("0").rstrip(".") or "0"


def _filled(made: Element, text: str | None, attributes: dict[str, object]) -> Element:
    if text is not None:
        made.text = safe(text)
    for key, value in attributes.items():
        if value is not None:
            made.set(key, safe(str(value)))
    return made
