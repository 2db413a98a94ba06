"""Depesha: clean, measured Russian text from scans of typewritten documents.

The names in ``__all__`` are the Python API; ``docs/python.md`` shows them at work. All other
modules are private: they may change in any version.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pipeline.api import (
        clean,
        export_document,
        export_results,
        form_fields,
        render,
        transcribe,
    )
    from pipeline.config import Settings, load_settings
    from pipeline.errors import DepeshaError
    from pipeline.evaluate import Score, TextReport, evaluate_document, evaluate_texts
    from pipeline.facsimile import Facsimile, draw_facsimile
    from pipeline.model import Document, Field, Layer, Line, LineKind, Page, Verdict
    from pipeline.store import load_document
    from pipeline.text import Level

__version__ = "0.2.0"

__all__ = [
    "DepeshaError",
    "Document",
    "Facsimile",
    "Field",
    "Layer",
    "Level",
    "Line",
    "LineKind",
    "Page",
    "Score",
    "Settings",
    "TextReport",
    "Verdict",
    "clean",
    "draw_facsimile",
    "evaluate_document",
    "evaluate_texts",
    "export_document",
    "export_results",
    "form_fields",
    "load_document",
    "load_settings",
    "render",
    "transcribe",
]

_HOMES = {
    "pipeline.api": (
        "clean",
        "export_document",
        "export_results",
        "form_fields",
        "render",
        "transcribe",
    ),
    "pipeline.config": (
        "Settings",
        "load_settings",
    ),
    "pipeline.errors": ("DepeshaError",),
    "pipeline.evaluate": (
        "Score",
        "TextReport",
        "evaluate_document",
        "evaluate_texts",
    ),
    "pipeline.facsimile": (
        "Facsimile",
        "draw_facsimile",
    ),
    "pipeline.model": (
        "Document",
        "Field",
        "Layer",
        "Line",
        "LineKind",
        "Page",
        "Verdict",
    ),
    "pipeline.store": ("load_document",),
    "pipeline.text": ("Level",),
}
_MODULES = {name: module for module, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> Any:
    # Loaded when asked for: short commands, and users of one name, do not wait for the others.
    if name in _MODULES:
        return getattr(import_module(_MODULES[name]), name)
    raise AttributeError(f"module 'pipeline' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
