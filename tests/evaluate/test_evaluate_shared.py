"""On real texts, where they are at hand: rates are jiwer's, alignments no dearer than others'."""

from __future__ import annotations

from pathlib import Path

import jiwer
import pytest
from rapidfuzz.distance import Levenshtein

from pipeline.evaluate.align import align, replay
from pipeline.evaluate.error_causes import error_causes
from pipeline.evaluate.metrics import cer, wer
from pipeline.text import Level, graphemes, normalise, words

PAIRS = ("finereader", "rehand")

pytestmark = pytest.mark.shared


@pytest.mark.parametrize("level", Level)
@pytest.mark.parametrize("engine", PAIRS)
def test_rates_on_a_real_letter_are_jiwers(real: Path, engine: str, level: Level) -> None:
    folder = real / "ocr-pairs"
    true = (folder / "rostow-1972.gt.txt").read_text(encoding="utf-8")
    read = (folder / f"rostow-1972.{engine}.txt").read_text(encoding="utf-8")
    one, two = normalise(true, level), normalise(read, level)
    assert len(graphemes(one)) == len(one)
    assert cer(true, read, level).rate == pytest.approx(jiwer.cer(one, two))
    assert wer(true, read, level).rate == pytest.approx(
        jiwer.wer(" ".join(words(one, level)), " ".join(words(two, level)))
    )
    split = error_causes(true, read, level)
    assert split.errors == cer(true, read, level).errors
    # The same text from top to bottom: nothing was moved and no noise stands in it. One
    # engine left out the imprint, and only that; the other's letters are just misread.
    assert split.order == split.kept_noise == 0
    assert split.lost_body == pytest.approx(43 if engine == "finereader" else 0, abs=1)


def test_real_alignments_are_beaten_in_cost(real: Path) -> None:
    files = sorted((real / "aligned-bg").glob("*.txt"))
    assert files
    for path in files:
        rows = dict(
            row.split("] ", 1) if "] " in row else row.split("]", 1)
            for row in path.read_text(encoding="utf-8").splitlines()
            if "]" in row
        )
        read, true = rows["[OCR_aligned"], rows["[ GS_aligned"]
        theirs = sum(a != b for a, b in zip(true, read, strict=True))
        reference, hypothesis = (tuple(text.replace("@", "")) for text in (true, read))
        operations = align(reference, hypothesis)
        ours = sum(x.cost for x in operations)
        assert ours == Levenshtein.distance(reference, hypothesis)
        assert ours <= theirs
        assert replay(reference, operations) == hypothesis
