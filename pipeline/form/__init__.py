"""The form's fields, read from the lines that carry them."""

from __future__ import annotations

from pipeline.form.fields import MANY, NAMES, read_fields
from pipeline.form.telegrams import telegram_starts

__all__ = ["MANY", "NAMES", "read_fields", "telegram_starts"]
