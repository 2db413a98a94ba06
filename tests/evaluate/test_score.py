"""A document's score: raw and clean, each layer at its level, and what the filter cost."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from corruptions import WORDS, any_pair, corrupted
from hypothesis import given
from hypothesis import strategies as st

from pipeline.config import EvaluateSettings
from pipeline.evaluate import as_json, compare_scores, score_document, score_text, summarise
from pipeline.evaluate.body_loss import BodyLoss, body_loss
from pipeline.ground_truth import Truth, TruthLine
from pipeline.model import Document, Edit, Layer, Line, LineKind, Page, Reading, Scan, Verdict
from pipeline.text import Level
from pipeline.transcript import JOIN_HYPHEN

SETTINGS = EvaluateSettings()
BODY = [LineKind.BODY]
FIRST = "Далее товарищ Мао Цзе-дун указал, что он сообщил корей-"
SECOND = 'ским товарищам о возможности (после ее об"единения) договора.'
TABLE = "> N : 6 i-r 1 Бу ЛІ ra H 4H y"


def line(
    raw: str, kind: LineKind = LineKind.BODY, verdict: Verdict = Verdict.KEEP, *edits: Edit
) -> Line:
    reading = Reading.of("file", raw)
    return Line(id=raw[:5], reading=reading, kind=kind, verdict=verdict, edits=edits)


def document(*lines: Line, name: str = "a") -> Document:
    return Document(id=name, pages=(Page(number=1, scan=Scan(path="a.png"), lines=lines),))


def truth(text: str, lines: Sequence[TruthLine] = ()) -> Truth:
    return Truth(
        stem="a",
        path=Path("a.gt.txt"),
        text=text,
        labelled=bool(lines),
        lines=tuple(lines),
        text_kinds=(LineKind.BODY,) if lines else (),
    )


def edited() -> tuple[Line, Line]:
    join = Edit(rule=JOIN_HYPHEN, start=len(FIRST) - 1, before="-", after="")
    quote = Edit(rule="hard-sign", start=SECOND.index('"'), before='"', after="ъ")
    return line(FIRST, LineKind.BODY, Verdict.KEEP, join), line(
        SECOND, LineKind.BODY, Verdict.UNSURE, quote
    )


@pytest.mark.parametrize(
    "typed",
    [
        f"{FIRST}\n{SECOND}\n",
        (
            "Далее товарищ Мао Цзе-дун указал, что он сообщил корейским товарищам о "
            "возможности (после её объединения) договора."
        ),
    ],
)
def test_hyphens_and_conventions_are_no_errors_at_level_reading(typed: str) -> None:
    noise = line(TABLE, LineKind.TABLE, Verdict.DROP)
    score = score_document(document(noise, *edited()), truth(typed), SETTINGS)
    assert score.clean.scores.cer.reading.errors == 0
    assert score.clean.scores.wer.reading.errors == 0
    assert score.raw is not None
    assert score.raw.scores.cer.reading.errors > 20
    assert score.raw.causes.reading.kept_noise == score.raw.scores.cer.reading.errors


def test_strict_compares_the_diplomatic_layer() -> None:
    score = score_document(document(*edited()), truth(f"{FIRST}\n{SECOND}"), SETTINGS)
    assert score.clean.scores.cer.strict.errors == 0
    assert score.clean.scores.cer.typewriter.errors == 0


def test_kinds_follow_the_labels() -> None:
    head = line("ЮНЫЕ ЛЕНИНЦЫ!", LineKind.HEADING)
    whole = document(head, line("К вам обращается"))
    labels = [
        TruthLine(text="ЮНЫЕ ЛЕНИНЦЫ!", kind=LineKind.HEADING),
        TruthLine(text="К вам обращается", kind=LineKind.BODY),
    ]
    labelled = score_document(whole, truth("К вам обращается", labels), SETTINGS)
    plain = score_document(whole, truth("ЮНЫЕ ЛЕНИНЦЫ! К вам обращается"), SETTINGS)
    assert labelled.clean.scores.cer.strict.errors == plain.clean.scores.cer.strict.errors == 0
    assert (labelled.kinds, plain.kinds) == (SETTINGS.kinds, (LineKind.BODY, LineKind.HEADING))
    both = EvaluateSettings(kinds=(LineKind.HEADING, LineKind.BODY))
    more = score_document(whole, truth("К вам обращается", labels), both)
    assert more.clean.scores.cer.strict.errors == 0
    assert more.clean.scores.cer.strict.length == len("ЮНЫЕ ЛЕНИНЦЫ! К вам обращается")


WHOLE = (
    ("Товарищу СТАЛИНУ", LineKind.ADDRESSEE),
    ("О БЕСЕДЕ", LineKind.HEADING),
    ("Далее товарищ указал, что он сообщил о договоре.", LineKind.BODY),
    ("РОЩИН", LineKind.SIGNATURE),
    ("8 экз. ам Отпеч. 14.V.", LineKind.FORM),
)


@pytest.mark.parametrize("held", [{2}, {0, 1, 2, 3}, {1, 2}, {0, 1, 2, 3, 4}])
def test_a_plain_truth_is_compared_with_the_kinds_it_holds(held: set[int]) -> None:
    """A newcomer saw 8 % on equal text, because the truth held addressee and signature."""
    read = document(*(line(text, kind) for text, kind in WHOLE))
    kept = [text for i, (text, _) in enumerate(WHOLE) if i in held]
    score = score_document(read, truth("\n".join(kept)), SETTINGS)
    assert set(score.kinds) == {kind for i, (_, kind) in enumerate(WHOLE) if i in held}
    assert score.clean.scores.cer.strict.errors == 0


def test_what_a_result_lacks_of_a_plain_truth_is_an_error() -> None:
    read = document(*(line(text, kind) for text, kind in WHOLE[2:4]))
    score = score_document(read, truth("\n".join(text for text, _ in WHOLE[:4])), SETTINGS)
    assert score.clean.scores.cer.strict.deletions == len("Товарищу СТАЛИНУ О БЕСЕДЕ ")


def test_plain_text_against_plain_text_has_no_kinds() -> None:
    score = score_text("a", "Далее", truth("Далее"), SETTINGS)
    assert score.kinds == ()
    assert summarise([score]).compared == (((), 1),)


@pytest.mark.parametrize("labelled", [True, False])
def test_body_loss_is_what_was_dropped(labelled: bool) -> None:
    labels = [
        TruthLine(text=None, kind=LineKind.TABLE, raw=TABLE),
        TruthLine(text="Первая строка текста.", kind=LineKind.BODY, raw="Первая стрска текста."),
        TruthLine(text="Вторая, её потеряли.", kind=LineKind.BODY, raw="Bторая, ее потеряли."),
        TruthLine(text="Третья не там.", kind=LineKind.BODY, raw="Третья не там."),
    ]
    typed = "\n".join(x.text for x in labels if x.text)
    made = document(
        line(TABLE, LineKind.TABLE, Verdict.DROP),
        line("Первая стрска текста."),
        line("Bторая, ее потеряли.", LineKind.BODY, Verdict.DROP),
        line("Третья не там.", LineKind.SIGNATURE),
    )
    loss = body_loss(made, truth(typed, labels if labelled else ()), BODY)
    assert loss.dropped == pytest.approx(len("Вторая,ее потеряли."), abs=1)
    assert loss.misfiled == pytest.approx(len("Третья не там."), abs=1)
    assert loss.length == pytest.approx(len(typed), abs=3)


def test_body_loss_is_seen_whatever_the_order() -> None:
    made = document(
        line("второй абзац, который потеряли", LineKind.NOISE, Verdict.DROP),
        line("третий абзац остался на месте"),
        line("первый абзац остался на месте"),
    )
    typed = "первый абзац остался на месте второй абзац, который потеряли третий абзац остался"
    loss = body_loss(made, truth(typed), BODY)
    assert loss.dropped >= len("второй абзац,который потеряли")


@given(corrupted())
def test_nothing_dropped_is_nothing_lost(pair: tuple[str, str]) -> None:
    true, read = pair
    made = document(*(line(row) for row in read.splitlines()))
    assert body_loss(made, truth(true), BODY).dropped == 0


@given(st.lists(st.sampled_from(sorted(set(WORDS))), unique=True), st.integers(1, 5))
def test_all_dropped_is_all_lost(words: list[str], size: int) -> None:
    parts = [" ".join(words[i : i + size]) for i in range(0, len(words), size)]
    rows = [line(part, LineKind.NOISE, Verdict.DROP) for part in parts]
    loss = body_loss(document(*rows), truth("\n".join(parts)), BODY)
    # Spaces between the lines belong to no line.
    assert loss.length - len(rows) <= loss.dropped <= loss.length


@given(corrupted())
def test_dropped_noise_is_no_loss(pair: tuple[str, str]) -> None:
    true, _ = pair
    rows = [line(row) for row in true.splitlines()]
    rows.insert(len(rows) // 2, line(TABLE, LineKind.NOISE, Verdict.DROP))
    assert body_loss(document(*rows), truth(true), BODY).dropped == 0


@given(any_pair)
def test_causes_add_up_at_every_level(pair: tuple[str, str]) -> None:
    true, read = pair
    score = score_text("a", read, truth(true), SETTINGS)
    for level in Level:
        assert score.clean.causes.at(level).errors == score.clean.scores.cer.at(level).errors


def test_summary_sums_and_leaves_out_what_plain_text_cannot_tell() -> None:
    one = score_document(document(*edited()), truth(f"{FIRST}\n{SECOND}"), SETTINGS)
    two = score_text("b", "текст с ошибкой", truth("текст с ошибкои"), SETTINGS)
    summary = summarise([one, two])
    assert summary.documents == 2
    assert summary.clean.cer.strict.counts.errors == 1
    assert summary.raw is not None
    assert summary.raw.cer.strict.documents == 1
    assert summary.body_loss == one.body_loss != BodyLoss()
    assert summarise([two]).raw is None
    assert summarise([]).clean.cer.reading.rate is None


def test_two_runs_of_scores() -> None:
    true = truth("текст без ошибок")
    first = [score_text(name, "текст без ошибак", true, SETTINGS) for name in "ab"]
    second = [replace(first[0]), score_text("b", "текст без ошибок", true, SETTINGS)]
    result = compare_scores(first, second, Level.READING)
    assert (result.better, result.equal, result.worse) == (1, 1, 0)
    assert compare_scores(first, second, Level.READING, words=True).difference == -1 / 6


def test_json_has_the_rates() -> None:
    score = score_text("a", "шум", truth("т"), SETTINGS)
    plain = json.loads(json.dumps(as_json(score)))
    assert plain["clean"]["scores"]["cer"]["strict"] == {
        "substitutions": 1,
        "insertions": 2,
        "deletions": 0,
        "length": 1,
        "errors": 3,
        "rate": 3.0,
        "normalised": 1.0,
    }
    assert plain["kinds"] == []
    assert plain["body_loss"] is None
    assert as_json(summarise([]))["clean"]["cer"]["strict"]["rate"] is None
    assert Layer.READING.value == as_json(Layer.READING)
