"""The same result at three scopes, what was filed as what, fields, lines by place."""

from __future__ import annotations

from pathlib import Path

import pytest
from corruptions import corrupted
from hypothesis import given

from pipeline.config import EvaluateSettings
from pipeline.evaluate import score_document, score_text, summarise
from pipeline.evaluate.comparison import contests
from pipeline.evaluate.field_scores import all_fields, field_counts
from pipeline.evaluate.filing import DROPPED, UNREAD, filing
from pipeline.evaluate.keyed import keyed_counts
from pipeline.evaluate.kinds_read import counts_by_kind, lines_found
from pipeline.evaluate.labelled_units import LabelledUnits
from pipeline.evaluate.metrics import cer
from pipeline.evaluate.scopes import FreeLines, Scope, at_scope, scope_counts
from pipeline.ground_truth import Truth, TruthCopy, TruthField, TruthLine
from pipeline.model import Box, Document, Field, Line, LineKind, Page, Reading, Scan, Verdict
from pipeline.text import Level

SETTINGS = EvaluateSettings()
TYPED = (
    (LineKind.FORM, "Шифртелеграмма из ПЕКИНА"),
    (LineKind.HEADING, "О БЕСЕДЕ С ТОВАРИЩЕМ"),
    (LineKind.BODY, "Далее товарищ указал, что он сообщил корейским друзьям о договоре."),
    (LineKind.BODY, "В 1950 году было подписано 12 соглашений, из них 3 по торговле."),
    (LineKind.SIGNATURE, "РОЩИН"),
)


def truth(**more: object) -> Truth:
    lines = tuple(TruthLine(text=text, kind=kind) for kind, text in TYPED)
    text = "".join(f"{x.text}\n" for x in lines if x.kind is LineKind.BODY)
    made = {"lines": lines, "text": text, "labelled": True, "text_kinds": (LineKind.BODY,)}
    return Truth(stem="a", path=Path("a.gt.json"), **(made | more))  # type: ignore[arg-type]


def read(*kinds: LineKind, dropped: int | None = None, **more: object) -> Document:
    lines = tuple(
        Line(
            id=f"l{i}",
            reading=Reading.of("file", text),
            kind=kinds[i] if i < len(kinds) else kind,
            verdict=Verdict.DROP if i == dropped else Verdict.KEEP,
            box=Box(left=10, top=40 * i, right=400, bottom=40 * i + 30),
        )
        for i, (kind, text) in enumerate(TYPED)
    )
    page = Page(number=1, scan=Scan(path="a.png"), lines=lines)
    return Document(id="a", pages=(page,), **more)  # type: ignore[arg-type]


def rates(document: Document | None, text: str = "") -> dict[Scope, tuple[int, int]]:
    found = scope_counts(truth(), document, text)
    made = {}
    for scope in Scope:
        at = at_scope(found, scope, Level.STRICT)
        assert at is not None
        assert at.read is not None
        made[scope] = (-1 if at.filed is None else at.filed.errors, at.read.errors)
    return made


def test_a_right_result_is_right_at_every_scope() -> None:
    assert rates(read()) == dict.fromkeys(Scope, (0, 0))
    whole = "\n".join(text for _, text in TYPED)
    assert rates(None, whole) == dict.fromkeys(Scope, (-1, 0))


def test_scopes_have_the_length_of_their_lines() -> None:
    found = scope_counts(truth(), read())
    for scope, wanted in (
        (Scope.BODY, TYPED[2:4]),
        (Scope.DOCUMENT, TYPED[1:]),
        (Scope.PAGE, TYPED),
    ):
        at = at_scope(found, scope, Level.STRICT)
        assert at is not None
        assert at.filed is not None
        assert at.filed.length == len(" ".join(text for _, text in wanted))
    assert at_scope(found, Scope.BODY, Level.STRICT).digits == 7  # type: ignore[union-attr]


def test_another_programs_text_pays_nothing_for_lines_outside_the_scope() -> None:
    body = "\n".join(text for kind, text in TYPED if kind is LineKind.BODY)
    found = rates(None, body)
    assert found[Scope.BODY] == (-1, 0)
    assert found[Scope.DOCUMENT][1] > 20  # heading and signature are missing
    noise = rates(None, body.replace("что он", "что он ЛИШНЕЕ"))
    assert noise[Scope.BODY] == (-1, len("ЛИШНЕЕ "))


def test_a_misfiled_line_is_missing_as_filed_and_there_as_read() -> None:
    found = rates(read(LineKind.FORM, LineKind.HEADING, LineKind.HEADING))
    assert found[Scope.BODY][0] > 60
    assert found[Scope.BODY][1] == 0
    assert found[Scope.DOCUMENT] == (0, 0)


@given(corrupted())
def test_without_free_lines_errors_are_those_of_the_whole(pair: tuple[str, str]) -> None:
    true, text = pair
    for level in Level:
        side = LabelledUnits.of(rows := true.split("\n"), level)
        counts, _ = FreeLines.of(side, [True] * len(rows), level).errors(text)
        assert counts == cer(true, text, level)


@given(corrupted())
def test_free_lines_never_cost_more(pair: tuple[str, str]) -> None:
    true, text = pair
    side = LabelledUnits.of(rows := true.split("\n"), Level.STRICT)
    needed = [i % 2 == 0 for i in range(len(rows))]
    some, _ = FreeLines.of(side, needed, Level.STRICT).errors(text)
    assert some.errors <= cer(true, text).errors


def test_what_was_misfiled_is_neither_lost_nor_unread() -> None:
    document = read(LineKind.FORM, LineKind.HEADING, LineKind.TABLE)
    score = score_document(document, truth(), SETTINGS)
    causes = score.clean.causes.reading
    assert causes.lost_body == 0
    assert causes.misfiled == causes.errors > 60
    assert score.body_loss is not None
    assert (score.body_loss.dropped, score.body_loss.unread) == (0, 0)
    assert score.body_loss.misfiled > 60


@pytest.mark.parametrize("level", list(Level))
def test_causes_add_up_with_misfiled_ones(level: Level) -> None:
    document = read(LineKind.FORM, LineKind.HEADING, LineKind.TABLE, dropped=3)
    score = score_document(document, truth(), SETTINGS)
    assert score.clean.causes.at(level).errors == score.clean.scores.cer.at(level).errors


def test_the_table_of_filing_adds_up_to_the_true_lines() -> None:
    document = read(LineKind.FORM, LineKind.BODY, LineKind.BODY, LineKind.BODY, dropped=3)
    lines = list(document.pages[0].lines)
    del lines[4]  # the signature was never read
    page = Page(number=1, scan=Scan(path="a.png"), lines=tuple(lines))
    cells = {
        (x.true, x.filed): x.characters
        for x in filing(Document(id="a", pages=(page,)), truth()).cells
    }
    assert cells[LineKind.HEADING, "body"] == len(TYPED[1][1])
    assert cells[LineKind.BODY, DROPPED] > 50
    assert cells[LineKind.BODY, "body"] > 60
    assert cells[LineKind.SIGNATURE, UNREAD] == len("РОЩИН")
    assert (LineKind.BODY, UNREAD) not in cells


def test_moved_lines_are_read() -> None:
    document = read()
    page = document.pages[0]
    turned = Page(number=1, scan=page.scan, lines=tuple(reversed(page.lines)))
    cells = filing(Document(id="a", pages=(turned,)), truth()).cells
    assert {x.filed for x in cells} == {"form", "heading", "body", "signature"}


def test_errors_by_true_kind() -> None:
    text = "\n".join(text for _, text in TYPED).replace("БЕСЕДЕ", "БЕCЕДF").replace("РОЩИН", "")
    found = dict(counts_by_kind(truth(), text))
    assert found[LineKind.HEADING].errors == 1  # the look-alike does not count at this level
    assert found[LineKind.SIGNATURE].deletions == len("РОЩИН")
    assert found[LineKind.BODY].errors == 0


def test_lines_are_found_by_place() -> None:
    lines = tuple(
        TruthLine(text=text, kind=kind, box=Box(left=10, top=40 * i, right=400, bottom=40 * i + 30))
        for i, (kind, text) in enumerate(TYPED)
    )
    boxes = truth(lines=lines[:-1])
    found = lines_found(read(), boxes)
    assert found is not None
    assert (found.found, found.true, found.read) == (4, 4, 5)
    assert found.recall == 1.0
    assert found.precision == pytest.approx(0.8)
    assert lines_found(read(), truth()) is None


def test_fields_are_right_wrong_missing_or_invented() -> None:
    wanted = (
        TruthField(name="origin", value="ПЕКИН"),
        TruthField(name="telegram_numbers", value=("812", "813")),
        TruthField(name="copy_list", value=(TruthCopy(number=2, name="Сталину"),)),
        TruthField(name="urgency", value=None),
    )
    found = (
        Field(name="origin", value="ПЕКИН", raw=""),
        Field(name="telegram_numbers", value="812", raw=""),
        Field(name="copy_list", value="Сталину", number=3, raw=""),
        Field(name="urgency", value="особая", raw=""),
        Field(name="signature", value="РОЩИН", raw=""),  # the truth says nothing of it
    )
    counts = field_counts(read(fields=found), truth(fields=wanted))
    assert {x.name: (x.right, x.wrong, x.missing, x.invented) for x in counts} == {
        "origin": (1, 0, 0, 0),
        "telegram_numbers": (1, 0, 1, 0),
        "copy_list": (0, 1, 0, 0),
        "urgency": (0, 0, 0, 1),
    }
    assert all_fields(counts).f1 == pytest.approx(2 * 2 / (2 * 2 + 2 + 1 + 1))


def test_numbers_and_names_count_whole() -> None:
    true = "Товарищ Молотов был в Москве в 1950 году с 12 по 13 мая."
    details = score_text(
        "a",
        true.replace("1950", "1960").replace("Молотов", "Молотав").replace(" 12 ", " 12"),
        Truth(stem="a", path=Path("a"), text=true),
        SETTINGS,
    ).clean.details.strict
    assert (details.numbers.count, details.numbers.total) == (2, 3)
    assert (details.names.count, details.names.total) == (1, 2)


def test_runs_are_compared_on_the_same_scope_the_fair_figure_first() -> None:
    whole = "\n".join(text for _, text in TYPED)
    ours, theirs = [], []
    for name in ("a", "b", "c"):
        score = score_document(read(), truth(), SETTINGS)
        ours.append(
            type(score)(**{x: getattr(score, x) for x in score.__slots__} | {"document_id": name})
        )
        theirs.append(score_text(name, whole, truth(), SETTINGS))
    found = contests([ours, theirs, theirs], Level.READING)
    assert found[0].figure == "read_body"
    assert [rate.rate for rate in found[0].rates] == [0.0, 0.0, 0.0]
    assert "filed_body" not in {x.figure for x in found}
    as_given = next(x for x in found if x.figure == "cer")
    assert as_given.rates[1].rate > 0  # type: ignore[operator]
    assert [(x.first, x.second) for x in as_given.duels] == [(0, 1), (0, 2), (1, 2)]


def test_a_summary_has_it_all() -> None:
    score = score_document(read(), truth(), SETTINGS)
    summary = summarise([score, score])
    assert len(summary.scopes) == len(Scope) * len(Level)
    assert summary.keyed is not None
    assert summary.keyed.errors == 0
    assert [kind for kind, _ in summary.kinds_read] == [x for x in LineKind if x in dict(TYPED)]


def test_the_keyed_measure_lets_form_marks_be() -> None:
    rows = [(text, kind is not LineKind.FORM) for kind, text in TYPED]
    body = "\n".join(text for kind, text in TYPED if kind is not LineKind.FORM)
    assert keyed_counts(rows, body).errors == 0
    assert keyed_counts(rows, "\n".join(text for _, text in TYPED)).errors == 0
