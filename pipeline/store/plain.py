"""Values as JSON and as tables."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any

import msgspec

from pipeline.store.files import SURROGATE

_FORMULA = tuple("=+-@\t\r＝＋－＠")  # what spreadsheets take for the start of a formula
_INNERMOST = re.compile(r"\{\n[^{}\[\]]*\n *\}")


def to_json(value: object, indent: int | None = 1) -> str:
    """``value`` (dataclasses, Structs, tuples, ...) as JSON with a last line feed.

    Where it is indented, an object of plain values (a box, say) stands on one line; else there
    is no white space.

    Raises:
        ValueError: a number in it is not finite.

    """
    plain = msgspec.to_builtins(value)
    apart = (",", ":") if indent is None else None
    text = json.dumps(plain, ensure_ascii=False, allow_nan=False, indent=indent, separators=apart)
    # No string holds a line feed in JSON, so whatever is taken together here stays the same.
    if indent is not None:
        text = _INNERMOST.sub(_on_one_line, text)
    return SURROGATE.sub(lambda m: f"\\u{ord(m[0]):04x}", text) + "\n"


def without_defaults(value: object) -> Any:
    """``value`` (of the model) as dicts and lists; a field that has its default is left out."""
    kind: type = type(value)
    if kind in _PLAIN:
        return value
    if isinstance(value, tuple):
        return [without_defaults(item) for item in value]
    shape = _shape(kind)
    if shape is None:
        return value
    found: dict[str, Any] = {}
    for name, default in shape:
        item = getattr(value, name)
        if item is not default and item != default:
            found[name] = without_defaults(item)
    return found


_PLAIN = frozenset((str, int, float, bool, type(None)))


@cache
def _shape(kind: type) -> tuple[tuple[str, object], ...] | None:
    """The fields of a dataclass with their defaults: asked for once, there are many words."""
    if not is_dataclass(kind):
        return None
    return tuple((field.name, field.default) for field in fields(kind))


def csv_table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table as spreadsheets take it: comma-separated, with a byte order mark.

    The mark makes them read UTF-8. A text that they would take for a formula gets an
    apostrophe in front. An unknown value (``None``) is an empty cell.
    """
    return "\ufeff" + csv_line(head) + "".join(map(csv_line, rows))


def csv_line(values: Sequence[object]) -> str:
    """One line of :func:`csv_table`."""
    stream = io.StringIO(newline="")
    csv.writer(stream).writerow([_cell(value) for value in values])
    return stream.getvalue()


def _on_one_line(found: re.Match[str]) -> str:
    parts = (part.lstrip(" ") for part in found[0][1:-1].strip().split("\n"))
    return "{" + " ".join(parts) + "}"


def _cell(value: object) -> object:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.6f}"
    if isinstance(value, str) and value.lstrip(" ").startswith(_FORMULA):
        return "'" + value
    return value
