"""The ``depesha`` command: arguments in, exit code out."""

from __future__ import annotations

import argparse
import errno
import io
import logging
import sys
import traceback
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from typing import get_args, get_type_hints

from msgspec import Meta

from pipeline import __version__
from pipeline.commands.escapes import LogLines, say
from pipeline.config import Settings, load_settings, overrides_from
from pipeline.errors import DepeshaError, ExitCode
from pipeline.model import Layer, LineKind
from pipeline.text import Level

Command = Callable[[argparse.Namespace, Settings], ExitCode]
"""What ``pipeline.commands.NAME.NAME`` is: options and settings in, exit code out."""

UNPAIRED = ("skip", "list", "fail", "empty")
"""What ``evaluate`` and ``compare`` do with results and truths that have no partner."""

_DERIVED = {
    "jobs": "batch.jobs",
    "group": "batch.group",
    "cluster": "batch.cluster",
    "split": "output.split",
    "share": "batch.share",
    "kinds": "output.kinds",
    "corrections": "cleanup.corrections",
    "below": "output.unsure_below",
}
"""Options that stand for a setting; type, range and help come from the setting."""
_PLACEHOLDERS = {"jobs": "N", "group": "HOW", "cluster": "ADDRESS", "below": "PROBABILITY"}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line ``arguments`` (without the program's name); gives the exit code."""
    parser = make_parser()
    options = parser.parse_args(arguments)
    _accept_any_letter()
    level = logging.DEBUG if options.debug else logging.INFO
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(LogLines("depesha: %(message)s"))
    handler.setLevel(logging.DEBUG if options.debug else logging.WARNING)
    logging.basicConfig(level=logging.WARNING, handlers=[handler])
    logging.getLogger("depesha").setLevel(level)
    try:
        return int(_dispatch(options))
    except DepeshaError as error:
        if options.debug:
            traceback.print_exc()
        say(str(error))
        return int(error.exit_code)
    except KeyboardInterrupt:
        say("interrupted")
        return int(ExitCode.INTERRUPTED)
    except BrokenPipeError:
        # The reader of our output went away (`| head`); keep Python from saying so at exit.
        sys.stdout = None
        return int(ExitCode.OK)
    except Exception as error:
        if options.debug:
            raise
        if isinstance(error, OSError) and error.errno == errno.ENOSPC:
            where = error.filename or "standard output"
            say(f"{where}: cannot be written: {error.strerror}")
            sys.stdout = None
            return int(ExitCode.OUTPUT)
        what = f"{type(error).__name__}: {error}"
        say(f"unexpected error, please report it: {what}")
        return int(ExitCode.INTERNAL)


def _accept_any_letter() -> None:
    """A terminal or pipe that cannot show a letter gets a mark in its place."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def _dispatch(options: argparse.Namespace) -> ExitCode:
    given = {key: getattr(options, name, None) for name, key in _DERIVED.items()}
    overrides = overrides_from(getattr(options, "set", None) or (), given)
    settings = load_settings(options.config, overrides)
    # Only the chosen one, so that short commands do not wait for what they do not use.
    module = import_module(f"pipeline.commands.{options.command}")
    command: Command = getattr(module, options.command)
    return command(options, settings)


def make_parser() -> argparse.ArgumentParser:
    """The parser of all commands and their options."""
    parser = argparse.ArgumentParser(
        prog="depesha",
        description="Clean, measured Russian text from scans of typewritten documents.",
        epilog="depesha COMMAND --help lists the options; docs/tutorial.md shows them at work.",
    )
    parser.add_argument("--version", action="version", version=f"depesha {__version__}")
    parser.add_argument("--debug", action="store_true", help="on an error, print the traceback too")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    _collections(commands)

    clean = _command(commands, "clean", "clean the text of another OCR program and print it")
    clean.add_argument("input", metavar="FILE|-", help="a text file, or - for standard input")
    clean.add_argument(
        "--explain",
        action="store_true",
        help="print each line with verdict, kind, probability, reasons and edits",
    )
    clean.add_argument(
        "--layer",
        type=Layer,
        choices=list(Layer),
        default=Layer.READING,
        help="reading: paragraphs, conventions applied (default); diplomatic: as typed",
    )
    _derived(clean, "kinds")
    _switch(clean, "corrections")

    fields = _command(
        commands, "fields", "print what the form says: date, origin, addressee, signature ..."
    )
    fields.add_argument("input", metavar="FILE|-", help="a scan, a text, a document's folder, or -")
    fields.add_argument("--json", action="store_true", help="print JSON")

    _evaluation(commands)
    _facsimile(commands)

    look = _command(
        commands, "look", "draw one picture of a scan: as prepared, with its lines by kind"
    )
    look.add_argument("input", type=Path, metavar="SCAN", help="an image or a PDF")
    look.add_argument("--out", type=Path, metavar="PNG", help="default: NAME.look.png, here")
    look.add_argument(
        "--page", type=int, default=1, help="which page of a file with several; default: 1"
    )

    show = _command(commands, "show", "print a stored document as JSON")
    show.add_argument("result", type=Path, metavar="RESULT", help="the folder of a document")
    show.add_argument("--read", action="store_true", help="also the pages as they were read")

    doubts = _command(
        commands, "doubts", "list words that may be wrong, the least certain of each document first"
    )
    doubts.add_argument("result", type=Path, metavar="RESULT", help="a folder of results")
    doubts.add_argument("--json", action="store_true", help="print JSON")
    _derived(doubts, "below")

    _export(commands)

    _review(commands)

    doctor = _command(commands, "doctor", "print what is installed, and what is missing")
    doctor.add_argument("--json", action="store_true", help="print JSON")

    words = "print a script that completes commands and options in a shell"
    completion = _command(commands, "completion", words, overrides=False)
    completion.add_argument("shell", choices=("bash", "zsh", "tcsh"), help="your shell")
    return parser


def _collections(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    run = _command(commands, "run", "transcribe scans, PDFs and raw OCR texts")
    run.add_argument(
        "inputs", nargs="+", type=Path, metavar="INPUT", help="files, or folders to search"
    )
    run.add_argument(
        "--out", type=Path, default=Path("outputs"), metavar="DIR", help="default: outputs"
    )
    run.add_argument(
        "--ground-truth", type=Path, metavar="DIR", help="folder of ground truth: score as well"
    )
    run.add_argument("--force", action="store_true", help="also documents that have not changed")
    run.add_argument(
        "--dry-run", action="store_true", help="print what would be done, and do nothing"
    )
    run.add_argument("--log", type=Path, metavar="FILE", help="write what happens there, too")
    run.add_argument("--json", action="store_true", help="print the summary as JSON")
    run.add_argument("--export", metavar="FORMATS", help="export as well, for example pdf,alto")
    _derived(run, "kinds", "jobs", "group", "split", "cluster")
    _switch(run, "corrections")
    _switch(run, "share", on=True)

    status = _command(
        commands, "status", "print what is done, failed, waiting or gone in a collection"
    )
    status.add_argument("out", type=Path, metavar="OUT", help="the output folder")
    status.add_argument("--of", metavar="ID", help="what is known of one document, with its pages")
    status.add_argument("--json", action="store_true", help="print JSON")

    prune = _command(commands, "prune", "remove results whose source file is gone")
    prune.add_argument("out", type=Path, metavar="OUT", help="the output folder")
    prune.add_argument(
        "--yes", action="store_true", help="remove them; without it they are only listed"
    )


def _review(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    words = "open the review page in the browser: check doubtful words, correct, bring lines back"
    review = _command(commands, "review", words)
    review.add_argument("result", type=Path, metavar="OUTPUTS", help="a folder of results")
    review.add_argument("--port", type=int, default=0, help="default: a free one")
    review.add_argument(
        "--host", default="127.0.0.1", help="address to listen on; default: this machine only"
    )
    review.add_argument("--user", metavar="NAME", help="whose decisions; default: your login name")
    review.add_argument("--open", action="store_true", help="open the browser at once")
    review.add_argument(
        "--users", type=Path, metavar="FILE", help="file of users and hashed passwords"
    )
    review.add_argument("--add-user", metavar="NAME", help="add a user to --users FILE, then exit")
    review.add_argument("--certificate", type=Path, metavar="FILE", help="TLS certificate (PEM)")
    review.add_argument("--key", type=Path, metavar="FILE", help="its key (PEM)")
    review.add_argument("--texts", action="store_true", help="write the corrected texts, then exit")
    words = "write documents whose pages are all done as ground truth, then exit"
    review.add_argument("--truth", type=Path, metavar="DIR", help=words)
    words = "with --truth: the pages that are done of other documents too, marked as a part"
    review.add_argument("--partly", action="store_true", help=words)


def _evaluation(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    evaluate = _command(
        commands, "evaluate", "measure results against ground truth: error rates and their causes"
    )
    words = "a file, or a folder of a run or of another program's results"
    evaluate.add_argument("result", type=Path, metavar="RESULT", help=words)
    evaluate.add_argument(
        "truth", type=Path, metavar="TRUTH", help="a file or folder of ground truth"
    )
    _figures(evaluate)
    evaluate.add_argument(
        "--fail-over",
        metavar="CER",
        help="exit with code 16 if the character error rate is higher (2%% or 0.02)",
    )

    compare = _command(
        commands,
        "compare",
        "compare runs over the same documents: which is better, how sure is that",
    )
    compare.add_argument("first", type=Path, metavar="RUN_A", help="results of the first run")
    compare.add_argument("second", type=Path, metavar="RUN_B", help="results of the second run")
    compare.add_argument("more", type=Path, nargs="*", metavar="RUN_C", help="further runs")
    compare.add_argument(
        "--ground-truth", type=Path, required=True, metavar="DIR", help="folder of ground truth"
    )
    _figures(compare)

    truth = _command(commands, "truth", "print what is odd in a ground truth")
    truth.add_argument("truth", type=Path, metavar="TRUTH", help="a file, or a folder of them")
    truth.add_argument("--all", action="store_true", help="print every place, not the first ones")
    truth.add_argument("--json", action="store_true", help="print JSON")


def _facsimile(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    facsimile = _command(
        commands, "facsimile", "draw scans of typed sheets whose truth is known", overrides=False
    )
    facsimile.add_argument("--out", type=Path, required=True, metavar="DIR", help="where to")
    facsimile.add_argument(
        "--set",
        dest="benchmark",
        metavar="NAME",
        help="a whole frozen benchmark set: dev, test, dev-2, test-2",
    )
    facsimile.add_argument("--kind", help="telegram (default), letter, list, page ...")
    facsimile.add_argument(
        "--trait", action="append", metavar="NAME", help="what else the sheets have: binding ..."
    )
    facsimile.add_argument(
        "--text", type=Path, metavar="FILE", help="text to type, a paragraph a line"
    )
    facsimile.add_argument(
        "--severity", type=int, choices=range(4), help="damage, 0 to 3; default: 1"
    )
    facsimile.add_argument("--seed", type=int, help="of chance; default: 0")
    facsimile.add_argument("--count", type=int, help="how many; default: 1")


def _export(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    export = _command(
        commands, "export", "write results as searchable PDF, ALTO, PAGE, TEI, DOCX and tables"
    )
    export.add_argument("result", type=Path, metavar="RESULT", help="a folder of results")
    formats = "pdf (default), alto, page, hocr, tei, docx, txt, md, csv, jsonl; commas between"
    export.add_argument("--to", default="pdf", metavar="FORMATS", help=formats)
    export.add_argument(
        "--layer", type=Layer, choices=list(Layer), help="default: the one that suits the format"
    )
    export.add_argument("--out", type=Path, metavar="DIR", help="default: export/ in RESULT")
    export.add_argument("--one-file", action="store_true", help="all documents in one file")
    words = "where scans have moved to: for pdf, they are found by the ends of their paths"
    export.add_argument("--scans", type=Path, metavar="DIR", help=words)
    export.add_argument(
        "--metadata", type=Path, metavar="CSV", help="table of shelfmarks, titles, dates ..."
    )
    export.add_argument(
        "--line-numbers", action="store_true", help="number the lines of txt and md"
    )
    export.add_argument("--force", action="store_true", help="also what has not changed")
    export.add_argument("--json", action="store_true", help="print the summary as JSON")
    _derived(export, "kinds", "jobs")


def _figures(parser: argparse.ArgumentParser) -> None:
    """What the commands share that print figures."""
    parser.add_argument(
        "--level",
        type=Level,
        choices=list(Level),
        default=Level.READING,
        help="which differences count (docs/measures.md); default: reading",
    )
    shape = parser.add_mutually_exclusive_group()
    shape.add_argument("--json", action="store_true", help="print all figures as JSON")
    shape.add_argument("--csv", action="store_true", help="print a row per document as CSV")
    parser.add_argument(
        "--pairs",
        type=Path,
        metavar="CSV",
        help="table of what belongs together: columns result,truth",
    )
    parser.add_argument(
        "--unpaired",
        choices=UNPAIRED,
        default="skip",
        help="what has no partner: left out and counted (skip, the default), left out and named "
        "one by one (list), exit code 13 (fail), or compared as an empty text (empty)",
    )
    parser.add_argument(
        "--as-read", action="store_true", help="without what editors decided (depesha review)"
    )
    report = parser.add_mutually_exclusive_group()
    report.add_argument(
        "--report",
        type=Path,
        metavar="DIR",
        help="default: report/evaluation in the folder of a run; none for other programs' results",
    )
    report.add_argument("--no-report", action="store_true", help="write no report")


def _command(
    commands: argparse._SubParsersAction[argparse.ArgumentParser],
    name: str,
    words: str,
    *,
    overrides: bool = True,
) -> argparse.ArgumentParser:
    parser = commands.add_parser(name, help=words, description=words[0].upper() + words[1:] + ".")
    parser.add_argument("--config", type=Path, metavar="FILE", help="file of settings (TOML)")
    if overrides:
        parser.add_argument(
            "--set",
            action="append",
            metavar="KEY=VALUE",
            help="one setting, for example ocr.language=rus",
        )
    parser.add_argument(
        "--debug",
        action="store_true",
        default=argparse.SUPPRESS,
        help="on an error, print the traceback too",
    )
    return parser


def _derived(parser: argparse.ArgumentParser, *names: str) -> None:
    for name in names:
        words = _words(_DERIVED[name])
        if name == "kinds":
            words += f", commas between: {', '.join(LineKind)}"
        parser.add_argument(f"--{name}", metavar=_PLACEHOLDERS.get(name), help=words)


def _switch(parser: argparse.ArgumentParser, name: str, *, on: bool = False) -> None:
    """``--NAME`` turns a setting ``on``; ``--no-NAME`` one off that is on by default."""
    option, told, value = (f"--{name}", "", "true") if on else (f"--no-{name}", "do not ", "false")
    words = told + _words(_DERIVED[name])
    parser.add_argument(option, dest=name, action="store_const", const=value, help=words)


def _words(key: str) -> str:
    section, _, name = key.partition(".")
    hint = get_type_hints(get_type_hints(Settings)[section], include_extras=True)[name]
    found = next(x.description for x in get_args(hint) if isinstance(x, Meta) and x.description)
    return found[0].lower() + found[1:].rstrip(".")
