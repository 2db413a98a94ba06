"""Text, Markdown, CSV and JSON Lines."""

from __future__ import annotations

import csv
import io
import json

from export_samples import KINDS, raw_text, source, telegram

from pipeline.export import Options, render
from pipeline.export.markdown import escaped
from pipeline.model import Layer, LineKind
from pipeline.transcript import render as transcript


def text(options: Options | None = None) -> str:
    return render(source(), "txt", options)[".txt"].decode()


def test_text_is_the_transcript_with_page_marks() -> None:
    plain = text().replace("[стр. 1] ", "").replace("[стр. 2] ", "")
    assert plain == transcript(telegram(), Layer.READING, KINDS)
    assert "будут подписаны [стр. 2] 14.V.50 г." in text()


def test_text_of_one_page_is_the_transcript() -> None:
    document = raw_text()
    made = render(source(document), "txt")[".txt"].decode()
    assert made == transcript(document, Layer.READING, KINDS)


def test_text_by_line_has_the_numbers_of_the_sheet() -> None:
    rows = text(Options(line_numbers=True)).splitlines()
    assert rows[0] == "[стр. 1]"
    assert rows[1] == "   5  Для товарища ФИЛИППОВА."
    assert rows[4].endswith('об"единения будут подпи-')


def test_only_the_kinds_that_are_asked_for() -> None:
    assert text(Options(kinds=(LineKind.SIGNATURE,))) == "[стр. 2] РОЩИН\n"


def test_markdown_has_headings_fields_and_no_mark_up_of_its_own() -> None:
    data = render(source(title="А *б* <в>"), "md")[".md"].decode()
    assert data.startswith("# А \\*б\\* \\<в\\>\n")
    assert "\n## О встрече\n" in data
    assert "| Откуда | ПЕКИН |" in data
    assert "\\& \\<другие\\>" in data


def test_signs_that_open_a_block_are_escaped() -> None:
    for row in ("# а", "- а", "+ а", "1. а", "12) а", "=== ", "> а", "    \\а"):
        assert escaped(row) != row
    assert escaped("1.5 и 14.V.50 - так") == "1.5 и 14.V.50 - так"


def test_csv_neutralises_formulas_and_has_lines_and_fields() -> None:
    made = render(source(shelfmark="=2+2"), "csv")
    lines = list(csv.DictReader(io.StringIO(made[".lines.csv"].decode("utf-8-sig"))))
    fields = list(csv.DictReader(io.StringIO(made[".fields.csv"].decode("utf-8-sig"))))
    assert [x["text"] for x in lines if "SUM" in x["text"]] == ["'=1+1 @SUM"]
    assert {x["shelfmark"] for x in lines} == {"'=2+2"}
    assert (fields[0]["name"], fields[0]["value"]) == ("origin", "ПЕКИН")
    assert len(lines) == 16


def test_json_lines_hold_everything_in_its_type() -> None:
    made = render(source(), "jsonl")
    lines = [json.loads(row) for row in made[".lines.jsonl"].splitlines()]
    (found,) = (x for x in lines if x["line"] == "p1-l008")
    assert found["diplomatic"].startswith('сообщил, что об"единения')
    assert found["words"][2]["text"] == "объединения"
    assert found["box"]["left"] == 100
    fields = [json.loads(row) for row in made[".fields.jsonl"].splitlines()]
    assert [x["number"] for x in fields if x["name"] == "copy_list"] == [1, 2]
