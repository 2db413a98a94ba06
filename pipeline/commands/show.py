"""``depesha show``: a stored document as JSON."""

from __future__ import annotations

import argparse

from pipeline.commands.escapes import put
from pipeline.config import Settings
from pipeline.errors import ExitCode
from pipeline.store import document_json, load_stored


def show(options: argparse.Namespace, _: Settings) -> ExitCode:
    """Print the document in the folder (or file) ``options.result`` as indented JSON."""
    stored = load_stored(options.result)
    put(document_json(stored, indent=1, read=options.read))
    return ExitCode.OK
