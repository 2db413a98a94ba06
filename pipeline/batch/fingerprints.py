"""What decides a result, in digests by stage: where one is equal, doing it again changes nothing.

By their contents: a version number that nobody raised hides no change. A new chart in
the report, on the other hand, is no reason to read 20,000 documents again; nor is a new weight
of the noise filter, which only changes what is made of what was read.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import msgspec

from pipeline import __version__
from pipeline.config import Settings, flatten
from pipeline.resources.tables import resources_digest
from pipeline.store import VERSION, files_digest

_SHOWS = frozenset(
    (
        "__main__",
        "api",
        "batch",
        "cli",
        "commands",
        "config",
        "evaluate",
        "executors",
        "export",
        "facsimile",
        "formats",
        "ground_truth",
        "report",
        "review",
        "store",
        "training",
    )
)
"""Rooms that shape no document: what they do is scoring, showing, or working many off.

(``config`` loads settings, whose values are compared themselves; a stored form has a version.)
"""

AFTER_READING = frozenset(
    ("cleanup", "expected_error", "fuzzy", "form", "languages", "noise", "transcript", "volumes")
)
"""Rooms that nothing that reads a page looks into: a test checks it."""

_READING_SETTINGS = ("input.", "preprocess.", "layout.", "ocr.")
_UNDECIDING_SETTINGS = ("batch.", "evaluate.", "report.", "review.", "input.follow_links")

Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stages:
    """Digests (hex) of all that decides results, but for the input.

    ``reading`` is of how pages are read, ``derived`` of that and of all that follows. ``settings``
    and ``versions`` are what they were made of, for provenance.
    """

    reading: str
    derived: str
    settings: Pairs
    versions: Pairs

    @classmethod
    def of(cls, settings: Settings, provenance: Iterable[tuple[str, str]]) -> Stages:
        """Under ``settings``; ``provenance``: versions and hashes of engines and models."""
        engines = tuple(sorted(provenance))
        decisive = deciding_settings(settings)
        package = Path(__file__).parents[1]
        read = tuple(pair for pair in decisive if pair[0].startswith(_READING_SETTINGS))
        tables, tables_reading = resources_digest(), resources_digest(reading=True)
        own = (
            ("depesha", __version__),
            ("code", code_digest(package)),
            ("tables", tables[:16]),
        )
        reading = (read, engines, code_digest(package, reading=True), tables_reading)
        return cls(
            reading=_digest(reading),
            derived=_digest((reading, decisive, own, VERSION)),
            settings=decisive,
            versions=tuple(sorted((*own, *engines))),
        )


def fingerprint(stage: str, input_sha256: str) -> str:
    """SHA-256 (hex) over a stage's digest and the input: all that decides one result."""
    return _digest((stage, input_sha256))


def deciding_settings(settings: Settings) -> Pairs:
    """The settings that decide a result: not how many at once, how it is scored, or shown."""
    return tuple(pair for pair in flatten(settings) if not pair[0].startswith(_UNDECIDING_SETTINGS))


def code_digest(package: Path, *, reading: bool = False) -> str:
    """A digest of the code in the folder ``package`` that decides a result, or how it is read."""
    left_out = _SHOWS | AFTER_READING if reading else _SHOWS

    def room(path: Path) -> str:
        return path.relative_to(package).parts[0].removesuffix(".py")

    decisive = [path for path in sorted(package.rglob("*.py")) if room(path) not in left_out]
    return files_digest(package, decisive)


def _digest(value: object) -> str:
    return hashlib.sha256(msgspec.json.encode(value)).hexdigest()
