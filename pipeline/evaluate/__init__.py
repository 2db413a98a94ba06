"""How good a text is against ground truth, where the errors are, and how sure that is."""

from __future__ import annotations

from pipeline.evaluate.comparison import compare_scores
from pipeline.evaluate.metrics import Counts, TextScore, cer, wer
from pipeline.evaluate.paths import Evaluation, evaluate_document, evaluate_paths
from pipeline.evaluate.score import (
    Score,
    ScoreCounts,
    TextReport,
    as_json,
    evaluate_texts,
    score_document,
    score_text,
    stored_score,
)
from pipeline.evaluate.summary import Summary, summarise

__all__ = [
    "Counts",
    "Evaluation",
    "Score",
    "ScoreCounts",
    "Summary",
    "TextReport",
    "TextScore",
    "as_json",
    "cer",
    "compare_scores",
    "evaluate_document",
    "evaluate_paths",
    "evaluate_texts",
    "score_document",
    "score_text",
    "stored_score",
    "summarise",
    "wer",
]
