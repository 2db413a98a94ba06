"""``depesha completion``: a script with which a shell completes the commands and their options."""

from __future__ import annotations

import argparse
import sys

import shtab

from pipeline.cli import make_parser
from pipeline.config import Settings
from pipeline.errors import ExitCode


def completion(options: argparse.Namespace, settings: Settings) -> ExitCode:
    """Print the script for ``options.shell`` on standard output."""
    del settings
    sys.stdout.write(shtab.complete(make_parser(), shell=options.shell) + "\n")
    return ExitCode.OK
