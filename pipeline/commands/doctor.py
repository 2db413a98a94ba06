"""``depesha doctor``: what is installed, what is missing, and how to get it."""

from __future__ import annotations

import argparse
import json
import platform
import sys
from importlib import metadata
from pathlib import Path

from pipeline import __version__
from pipeline.config import Settings
from pipeline.errors import DepeshaError, ExitCode
from pipeline.facsimile import find_faces
from pipeline.ocr import provenance

_LIBRARIES = (
    "defusedxml",
    "msgspec",
    "numpy",
    "onnxruntime",
    "opencv-python-headless",
    "pillow",
    "pymorphy3",
    "pypdfium2",
    "pytesseract",
    "rapidfuzz",
    "regex",
    "rich",
    "tesserocr",
)


def doctor(options: argparse.Namespace, settings: Settings) -> ExitCode:
    """Print versions, language data with hashes, and fonts; the code of what is missing."""
    found = {"depesha": __version__, "python": platform.python_version()}
    found |= {name: _version(name) for name in _LIBRARIES}
    missing: list[DepeshaError] = []
    try:
        found |= dict(provenance(settings.ocr))
    except DepeshaError as error:
        missing.append(error)
    faces: dict[str, Path] = {}
    try:
        faces = find_faces()
    except DepeshaError as error:
        missing.append(error)
    found |= {f"font {name}": str(path) for name, path in faces.items()}
    if options.json:
        data = {"found": found, "missing": [str(error) for error in missing]}
        sys.stdout.write(json.dumps(data, ensure_ascii=False, indent=2) + "\n")
    else:
        sys.stdout.writelines(f"{name:28} {value}\n" for name, value in found.items())
        sys.stdout.writelines(f"MISSING {error}\n" for error in missing)
        sys.stdout.write("" if missing else "Everything is there.\n")
    return missing[0].exit_code if missing else ExitCode.OK


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return "not installed"
