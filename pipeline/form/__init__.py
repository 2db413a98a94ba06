"""The form's fields, read from the lines that carry them."""

from __future__ import annotations

from pipeline.form.fields import read_fields

__all__ = ["read_fields"]
