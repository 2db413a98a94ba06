"""``depesha prune``: results whose source is gone."""

from __future__ import annotations

import argparse
from pathlib import Path

from pipeline.batch.ledger import LEDGER_FILE, Ledger
from pipeline.batch.lock import locked
from pipeline.batch.prune import remove_result
from pipeline.commands.escapes import printable, put, say
from pipeline.config import Settings
from pipeline.errors import ExitCode, ResultError


def prune(options: argparse.Namespace, _: Settings) -> ExitCode:
    """List (with ``--yes`` remove) results whose source a run did not find, and that is not there.

    Where the whole input folder is missing nothing is: a disk may just not be mounted.
    """
    out: Path = options.out
    path = out / LEDGER_FILE
    if not path.is_file():
        raise ResultError(path, "does not exist: nothing was transcribed into this folder")
    removed = 0
    with locked(out), Ledger(path) as ledger:
        found = list(ledger.all("SELECT number, id, path, root FROM documents WHERE gone=1"))
        for number, name, source, root in found:
            if Path(source).exists():
                continue
            if root and not Path(root).is_dir():
                say(f"{name}: stays, for its whole input folder is missing: {root}")
                continue
            put(printable(name) + "\n")
            removed += 1
            if not options.yes:
                continue
            for kept in remove_result(out / name, out):
                say(f"{kept}: you had changed it; it stays")
            ledger.begin()
            ledger.forget(number)
            ledger.commit(now=False)
    if removed and not options.yes:
        say(f"{removed} results would be removed; with --yes they are")
    return ExitCode.OK
