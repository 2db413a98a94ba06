"""``depesha clean``: raw OCR text in, clean text on standard output."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import msgspec

from pipeline.commands.escapes import put, say
from pipeline.config import Settings
from pipeline.errors import ExitCode
from pipeline.model import Document, Line
from pipeline.process import process_file, process_text
from pipeline.scans import decode_text
from pipeline.store import is_result, load_document
from pipeline.transcript import render

_STDIN = "-"


def clean(options: argparse.Namespace, settings: Settings) -> ExitCode:
    """Print the transcript of one input, or (``--explain``) all its lines with reasons."""
    # What is in a PDF to be cleaned is its text layer; `run` reads its picture.
    layer = msgspec.structs.replace(settings.input, text_layer=True)
    document = open_document(options.input, msgspec.structs.replace(settings, input=layer))
    if options.explain:
        text = "".join(_explained(line) for line in document.lines)
    else:
        text = render(document, options.layer, settings.output.kinds)
    for told, pages in _findings(document).items():
        where = f"page {', '.join(pages)}: " if len(document.pages) > 1 else ""
        say(f"{options.input}: {where}{told}")
    # A surrogate from a damaged file cannot be written as UTF-8: shown as its escape.
    put(text)
    return ExitCode.OK


def _findings(document: Document) -> dict[str, list[str]]:
    """What is to be looked at, each thing once, with the pages that it was found on."""
    found: dict[str, list[str]] = {}
    for page in document.pages:
        for x in page.findings:
            found.setdefault(f"{x.message} ({x.code}: {x.advice})", []).append(str(page.number))
    return found


def _explained(line: Line) -> str:
    sure = "" if line.text_probability is None else f" {line.text_probability:.2f}"
    shown = " ".join(line.raw.split())
    rows = [f"{line.verdict:6} {line.kind:11}{sure}  {shown}"]
    rows += [f"    {r.weight:+.1f}  {r.evidence} ({r.rule})" for r in line.reasons]
    rows += [f"    edit  {e.before!r} -> {e.after!r} ({e.rule}: {e.evidence})" for e in line.edits]
    return "\n".join(rows) + "\n"


def open_document(name: str, settings: Settings) -> Document:
    """The document in the file ``name``, or stored in that folder; ``-`` is standard input.

    Raises:
        DepeshaError: it cannot be opened, or no page of it could be done.

    """
    if name != _STDIN and is_result(Path(name)):
        return load_document(Path(name))
    if name != _STDIN:
        return process_file(Path(name), Path(name).stem, settings)
    text, _ = decode_text(sys.stdin.buffer.read(), Path("standard input"), settings.input)
    return process_text(text, "stdin", settings, source="standard input")
