"""HTML, SVG and data files made so that nothing from a document can ever run.

Text goes into markup through :func:`tag` alone, which escapes it, and into data files as
JSON in which no ``<``, ``>`` or ``&`` is left; the pages' scripts put it into the page as
text. Each page also forbids itself every script but its own files, and every connection.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable

_UNSAFE = re.compile("[<>&\u2028\u2029\ud800-\udfff]")
_SURROGATE = re.compile("[\ud800-\udfff]")

POLICY = (
    "default-src 'none'; script-src 'self' file:; style-src 'self' file: 'unsafe-inline'; "
    "img-src 'self' file: data:; base-uri 'none'; form-action 'none'"
)
"""Content security policy of every page."""


class Markup(str):
    """Text that is markup already."""

    __slots__ = ()


def tag(name: str, *children: object, **attributes: object) -> Markup:
    """An element. Children that are not :class:`Markup` are escaped, ``None`` is left out.

    Attribute names: a trailing underscore is dropped (``class_``), others become hyphens.
    ``None`` and ``False`` leave an attribute out, ``True`` writes it without a value.
    """
    written = []
    for key, value in attributes.items():
        shown = key.rstrip("_").replace("_", "-")
        if value is True:
            written.append(f" {shown}")
        elif value is not None and value is not False:
            written.append(f' {shown}="{_escaped(str(value))}"')
    return Markup(f"<{name}{''.join(written)}>{join(children)}</{name}>")


def join(children: Iterable[object]) -> Markup:
    """Children one after the other, escaped as :func:`tag` does."""
    return Markup("".join(_child(child) for child in children))


def to_script(call: str, data: object) -> str:
    """A data file: ``depesha.CALL(DATA)``, as JSON that is safe wherever it ends up."""
    text = json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return f"depesha.{call}({_UNSAFE.sub(_as_escape, text)});\n"


def _as_escape(match: re.Match[str]) -> str:
    return f"\\u{ord(match[0]):04x}"


def page(title: str, body: Markup, *, language: str, name: str, scripts: Iterable[str]) -> str:
    """A whole page; ``name`` says which to style sheet and scripts, which stand in ``assets/``."""
    sources = [tag("script", src=f"assets/{script}") for script in scripts]
    head = tag(
        "head",
        Markup('<meta charset="utf-8">'),
        Markup('<meta name="viewport" content="width=device-width, initial-scale=1">'),
        Markup(f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'),
        Markup('<meta name="referrer" content="no-referrer">'),
        Markup('<link rel="icon" href="data:,">'),
        Markup('<link rel="stylesheet" href="assets/report.css">'),
        tag("title", title),
    )
    shown = tag("body", body, *sources, class_=name)
    return "<!DOCTYPE html>\n" + tag("html", head, "\n", shown, lang=language) + "\n"


def _child(child: object) -> str:
    if child is None:
        return ""
    return child if isinstance(child, Markup) else _escaped(str(child))


def _escaped(text: str) -> str:
    return html.escape(_SURROGATE.sub("\ufffd", text), quote=True)
