"""How good a text is against ground truth, where the errors are, and how sure that is."""

from __future__ import annotations

from pipeline.evaluate.metrics import Counts, TextScore, cer, score_texts, wer
from pipeline.evaluate.paths import Evaluation, evaluate_paths
from pipeline.evaluate.score import (
    Score,
    as_json,
    compare_scores,
    score_document,
    score_text,
)
from pipeline.evaluate.summary import Summary, summarise

__all__ = [
    "Counts",
    "Evaluation",
    "Score",
    "Summary",
    "TextScore",
    "as_json",
    "cer",
    "compare_scores",
    "evaluate_paths",
    "score_document",
    "score_text",
    "score_texts",
    "summarise",
    "wer",
]
