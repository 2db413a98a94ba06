"""XML read safely: no entities, no external files; namespaces aside."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from pipeline.formats.parts import FormatError


def parse(data: bytes) -> Element:
    """The root of an XML file.

    Raises:
        FormatError: it is not well-formed, or declares entities (a few bytes of which may
            unfold to gigabytes) or external files.

    """
    try:
        root: Element = fromstring(data)
    except DefusedXmlException as error:
        raise FormatError("declares entities or outside files, which are never read") from error
    except (ParseError, LookupError, ValueError) as error:
        raise FormatError(f"is broken XML: {error}") from error
    return root


def local(element: Element) -> str:
    """The name of an element without its namespace."""
    return element.tag.rpartition("}")[2]


def children(element: Element, name: str) -> Iterator[Element]:
    """The direct children called ``name``."""
    return (child for child in element if local(child) == name)


def first(element: Element, name: str) -> Element | None:
    """The first direct child called ``name``."""
    return next(children(element, name), None)


def within(element: Element, name: str) -> Iterator[Element]:
    """All elements called ``name`` at any depth, in the order of the file."""
    return (found for found in element.iter() if local(found) == name)
