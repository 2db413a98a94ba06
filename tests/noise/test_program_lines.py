"""Lines of a program are text, and stand each by itself."""

from __future__ import annotations

from pipeline.config import Settings
from pipeline.layout.text import text_lines
from pipeline.noise import classify
from pipeline.transcript import paragraphs, selected


def test_lines_of_a_program_are_paragraphs_of_their_own() -> None:
    text = (
        "Если длина массива известна заранее, программа записывается так:\n"
        "DIMENSION A(200), B(200)\n"
        "READ 15, N, (A(I), I=1,N)\n"
        "CALL SORT (A, B, N)\n"
        "Время выполнения этой программы не зависит от порядка чисел на\n"
        "входе, и память ей нужна одна и та же."
    )
    settings = Settings()
    lines = classify(text_lines(text, 1), settings.noise)
    parted = paragraphs(selected(lines, settings.output.kinds))
    assert [[line.raw for line in group] for group in parted] == [
        *([row] for row in text.splitlines()[:4]),
        text.splitlines()[4:],
    ]
