"""What each command of ``depesha`` does: settings and options in, exit code out."""

from __future__ import annotations

from pipeline.commands.clean import clean
from pipeline.commands.compare import compare
from pipeline.commands.doctor import doctor
from pipeline.commands.doubts import doubts
from pipeline.commands.evaluate import evaluate
from pipeline.commands.facsimile import facsimile
from pipeline.commands.fields import fields
from pipeline.commands.look import look
from pipeline.commands.run import run

__all__ = ["clean", "compare", "doctor", "doubts", "evaluate", "facsimile", "fields", "look", "run"]
