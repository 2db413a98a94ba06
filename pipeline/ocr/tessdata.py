"""Where Tesseract's language data is on this system."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from pipeline.config import OcrSettings
from pipeline.errors import LanguageMissingError

_SUFFIX = ".traineddata"


def find_tessdata(settings: OcrSettings) -> Path:
    """The first folder that holds the data of all languages of ``settings``.

    Raises:
        LanguageMissingError: none does; says how to get it.

    """
    languages = settings.language.split("+")
    for folder in _folders(settings.tessdata):
        if all((folder / f"{language}{_SUFFIX}").is_file() for language in languages):
            return folder
    packages = " ".join(f"tesseract-ocr-{x.replace('_', '-')}" for x in languages)
    raise LanguageMissingError(
        f"language {settings.language}",
        "Tesseract's data for it is not installed. "
        f"On Debian or Ubuntu: apt-get install {packages}",
    )


def data_hashes(folder: Path, language: str) -> tuple[tuple[str, str], ...]:
    """SHA-256 (hex) of each language's data file, as ``("data.rus", hash)`` pairs."""
    return tuple((f"data.{x}", _hash(folder / f"{x}{_SUFFIX}")) for x in language.split("+"))


@lru_cache(maxsize=8)
def _hash(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _folders(setting: str) -> Iterator[Path]:
    if setting:
        yield Path(setting)
        return
    if prefix := os.environ.get("TESSDATA_PREFIX"):
        yield Path(prefix)
        yield Path(prefix) / "tessdata"
        return
    yield from sorted(Path("/usr/share/tesseract-ocr").glob("*/tessdata"), reverse=True)
    for top in ("/usr/share", "/usr/local/share", "/opt/homebrew/share"):
        yield Path(top) / "tessdata"
        yield Path(top) / "tesseract" / "tessdata"
