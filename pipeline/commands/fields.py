"""``depesha fields``: what the form says, from a scan or from raw OCR text."""

from __future__ import annotations

import argparse
import json

from pipeline.commands.clean import open_document
from pipeline.commands.escapes import put, say
from pipeline.config import Settings
from pipeline.errors import ExitCode
from pipeline.form import MANY, NAMES
from pipeline.model import Field


def fields(options: argparse.Namespace, settings: Settings) -> ExitCode:
    """Print the fields of one input: a line each, or (``--json``) one JSON value.

    In the JSON a field is ``{value, raw, confidence, why}``, an entry of the copy list
    ``{number, name, raw, confidence, why}``; fields of which a form may have several are lists.
    A field that cannot be read is not there.
    """
    found = open_document(options.input, settings).fields
    if options.json:
        text = json.dumps(as_json(found), ensure_ascii=False, indent=2) + "\n"
    else:
        text = "".join(_shown(field) for field in found)
    if not found:
        say(f"{options.input}: no field of a form was found")
    put(text)
    return ExitCode.OK


def as_json(found: tuple[Field, ...]) -> dict[str, object]:
    """The fields as ``--json`` prints them, in the order of a form."""
    data: dict[str, object] = {}
    for name in NAMES:
        entries = [_entry(field) for field in found if field.name == name]
        if entries:
            data[name] = entries if name in MANY else entries[0]
    return data


def _entry(field: Field) -> dict[str, object]:
    value: dict[str, object] = {"value": field.value}
    if field.name == "copy_list":
        value = {"number": field.number, "name": field.value}
    why = "; ".join(reason.evidence for reason in field.reasons)
    return {**value, "raw": field.raw, "confidence": field.confidence, "why": why}


def _shown(field: Field) -> str:
    number = "" if field.number is None else f"{field.number} "
    sure = "" if field.confidence is None else f"{field.confidence:.2f}"
    raw = " ".join(field.raw.split())
    return f"{field.name:17} {number + field.value:24} {sure:4}  {raw}\n"
