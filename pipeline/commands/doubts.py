"""``depesha doubts``: the words of stored results that an editor should look at."""

from __future__ import annotations

import argparse
import dataclasses
import json
from pathlib import Path

from pipeline.commands.escapes import put, say
from pipeline.config import Settings
from pipeline.errors import ExitCode, InputMissingError, ResultError
from pipeline.model import Box
from pipeline.review import Doubt
from pipeline.review import doubts as find_doubts
from pipeline.store import is_failure, load_document, result_folders


def doubts(options: argparse.Namespace, settings: Settings) -> ExitCode:
    """Print the unsure words below a folder of results: of each document figures, names, others.

    A line each: probability, word, the other reader's variant, line, place on the page (left, top,
    width and height in pixels of the scan), document, text; for a word that was corrected the
    probability is of what was read, which stands beside it; of raw text, words that are none and
    stay, with the best guess and its probability. Or (``--json``) one JSON list.
    """
    output = settings.output
    paths = _documents(options.result)
    found: list[Doubt] = []
    code = ExitCode.OK
    for path in paths:
        try:
            found += find_doubts(load_document(path), output.unsure_below, output.kinds)
        except ResultError as error:
            if len(paths) == 1:
                raise
            # Of one document that cannot be read the others know nothing.
            say(str(error))
            code = ExitCode.SOME_FAILED
    if options.json:
        rows = [dataclasses.asdict(doubt) for doubt in found]
        text = json.dumps(rows, ensure_ascii=False, indent=2) + "\n"
    else:
        text = "".join(
            f"{x.probability:4.2f}  {_word(x):20} {_other(x):20} {x.line:9} "
            f"{_place(x.box):20} {x.document}: {x.text}\n"
            for x in found
        )
    put(text)
    if not found:
        say(f"no word in the transcript is less probable than {output.unsure_below:g}")
    return code


def _word(doubt: Doubt) -> str:
    """The word, and what was read where it was corrected."""
    return doubt.word if doubt.word == doubt.read else f"{doubt.word} (read: {doubt.read})"


def _other(doubt: Doubt) -> str:
    """The other reader's variant, or the best guess and its probability."""
    return (doubt.other or "-") + (f" ({doubt.guess:.2f})" if doubt.guess is not None else "")


def _place(box: Box | None) -> str:
    return "-" if box is None else f"{box.left},{box.top} {box.width}x{box.height}"


def _documents(result: Path) -> list[Path]:
    """The stored documents that ``result`` is or holds.

    Raises:
        InputMissingError: there is none.

    """
    if result.is_file():
        return [result]
    found = [folder for folder in result_folders(result) if not is_failure(folder)]
    if not found:
        raise InputMissingError(result, "holds no results")
    return found
