"""Depesha: clean, measured Russian text from scans of typewritten documents.

The names in ``__all__`` are the Python API; ``docs/python.md`` shows each of them at work. All
other modules are private: they may change in any version.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pipeline.api import (
        DepeshaError,
        Document,
        Facsimile,
        Field,
        Layer,
        Level,
        Line,
        LineKind,
        Page,
        Score,
        Settings,
        TextScore,
        Verdict,
        clean,
        draw_facsimile,
        evaluate_document,
        evaluate_texts,
        form_fields,
        load_document,
        load_settings,
        render,
        transcribe,
    )

__version__ = "0.1.0"

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
    "TextScore",
    "Verdict",
    "clean",
    "draw_facsimile",
    "evaluate_document",
    "evaluate_texts",
    "form_fields",
    "load_document",
    "load_settings",
    "render",
    "transcribe",
]


def __getattr__(name: str) -> Any:
    # Loaded when asked for: the command imports this package too, and starts without them.
    if name in __all__:
        return getattr(import_module("pipeline.api"), name)
    raise AttributeError(f"module 'pipeline' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
