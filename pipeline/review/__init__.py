"""The editor's work: what is doubtful, what a person decided of it, and the page to do it on."""

from __future__ import annotations

from pipeline.review.decisions import EDITOR
from pipeline.review.doubts import Doubt, doubts
from pipeline.review.edited import decisions_in, edited, with_decisions, with_decisions_near
from pipeline.review.log import REVIEW_FILE
from pipeline.review.places import Decisions
from pipeline.review.texts import write_edited_texts

__all__ = [
    "EDITOR",
    "REVIEW_FILE",
    "Decisions",
    "Doubt",
    "decisions_in",
    "doubts",
    "edited",
    "with_decisions",
    "with_decisions_near",
    "write_edited_texts",
]
