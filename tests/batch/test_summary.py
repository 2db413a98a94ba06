"""The summary: sums rather than averages, files that open anywhere, a table one can read."""

from __future__ import annotations

import csv
import io
import json
import logging
from pathlib import Path
from typing import Any

import msgspec
import pytest
from rich.console import Console

from pipeline.batch import BatchResult, Row, State, summary_data
from pipeline.batch.summary import summary_csv, write_summary
from pipeline.commands.run import print_result
from pipeline.commands.terminal import batch_progress
from pipeline.config import Settings
from pipeline.errors import ExitCode
from pipeline.evaluate import Counts, ScoreCounts, TextScore
from pipeline.evaluate.body_loss import BodyLoss
from pipeline.evaluate.intervals import rate_with_interval
from pipeline.evaluate.metrics import ByLevel
from pipeline.model import Problem, Status


def text_score(errors: int, length: int) -> TextScore:
    characters = Counts(substitutions=errors, length=length)
    words = Counts(substitutions=errors, length=length // 5)
    return TextScore(cer=ByLevel.of(lambda _: characters), wer=ByLevel.of(lambda _: words))


def counts(raw: int, clean: int, length: int) -> ScoreCounts:
    return ScoreCounts(
        clean=text_score(clean, length),
        raw=text_score(raw, length),
        body_loss=BodyLoss(dropped=1, length=length),
    )


def row(name: str, status: Status = Status.OK, **others: Any) -> Row:
    values = {"pages": 2, "kept": 10, "dropped": 3, "unsure": 1, "seconds": 3.0, **others}
    return Row(id=name, source=f"scans/{name}.png", status=status, **values)


def failed(name: str, code: str = "INPUT_UNREADABLE", message: str = "is truncated") -> Row:
    problem = Problem(code=code, message=message)
    return Row(id=name, source=f"{name}.png", status=Status.FAILED, problems=(problem,))


def result(*rows: Row, out: Path = Path("out"), **others: Any) -> BatchResult:
    return BatchResult(rows=rows, out=out, settings=Settings(), **others)


def shown(batch: BatchResult, width: int = 120) -> str:
    stream = io.StringIO()
    print_result(batch, Console(file=stream, width=width))
    return stream.getvalue()


PARTIAL = row("p", Status.PARTIAL, problems=(Problem(code="ENGINE_FAILED", message="x", page=2),))


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ([row("a"), row("b", unchanged=True)], ExitCode.OK),
        ([row("a"), failed("b")], ExitCode.SOME_FAILED),
        ([row("a"), PARTIAL], ExitCode.SOME_FAILED),
        ([PARTIAL], ExitCode.SOME_FAILED),
        ([failed("a"), failed("b", message="is empty")], ExitCode.INPUT_UNREADABLE),
        ([failed("a"), failed("b", "OUTPUT")], ExitCode.SOME_FAILED),
        ([], ExitCode.NO_INPUT),
    ],
)
def test_the_exit_code_never_looks_like_more_success_than_there_was(
    rows: list[Row], code: ExitCode
) -> None:
    assert result(*rows).exit_code is code
    assert result(*rows, interrupted=True).exit_code is ExitCode.INTERRUPTED


def test_rates_are_summed_errors_over_summed_lengths() -> None:
    long, short = counts(10, 2, 1000), counts(50, 40, 100)
    data = summary_data(result(row("a", counts=long), row("b", counts=short)))
    of_each = [x.clean.cer.reading for x in (long, short)]
    between = rate_with_interval(of_each).interval
    assert between is not None
    assert data["scores"]["reading"]["cer"] == {
        "errors": 42,
        "length": 1100,
        "rate": 0.038182,
        "documents": 2,
        "interval": (between.low, between.high),
    }
    assert data["scores"]["body_loss"]["errors"] == 2
    assert set(data["scores"]) == {"strict", "typewriter", "reading", "body_loss"}
    assert data["scores"]["reading"]["raw_cer"]["errors"] == 60
    assert data["rows"][0]["figures"]["levels"][2] == {
        "level": "reading",
        "raw_cer": {"errors": 10, "length": 1000},
        "cer": {"errors": 2, "length": 1000},
        "raw_wer": {"errors": 10, "length": 200},
        "wer": {"errors": 2, "length": 200},
    }
    assert data["rows"][0]["figures"]["body_loss"] == {"errors": 1, "length": 1000}


def test_one_document_has_no_interval_and_an_empty_truth_no_rate() -> None:
    data = summary_data(result(row("a", counts=counts(3, 3, 0)), row("b")))
    assert data["scores"]["reading"]["cer"] == {
        "errors": 3,
        "length": 0,
        "rate": None,
        "documents": 1,
    }


def test_the_files_hold_rows_settings_versions_and_what_is_not_done(tmp_path: Path) -> None:
    batch = result(
        row("a"),
        failed("b"),
        out=tmp_path,
        not_done=("scans/c.png",),
        waiting=1,
        interrupted=True,
        versions=(("depesha", "0.1.0"), ("tesseract", "5.3.0")),
    )
    write_summary(batch)
    data = json.loads((tmp_path / "summary.json").read_bytes())
    assert data["documents"] == {
        "total": 3,
        "ok": 1,
        "check": 0,
        "partial": 0,
        "failed": 1,
        "unchanged": 0,
        "not_done": 1,
        "with_truth": 0,
    }
    assert data["exit_code"] == {"code": 130, "name": "INTERRUPTED"}
    assert data["not_done"] == ["scans/c.png"]
    assert data["lines"] == {"kept": 10, "dropped": 3, "unsure": 1}
    assert data["seconds"]["a_page"] == 1.5
    assert data["versions"]["tesseract"] == "5.3.0"
    assert msgspec.convert(data["settings"], Settings) == Settings()
    assert data["rows"][1]["problems"][0]["message"] == "is truncated"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["summary.csv", "summary.json"]


@pytest.mark.parametrize(
    "name", ["=cmd|' /C calc'!A0", "+7", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "  =1", "＝1"]
)
def test_no_cell_is_a_formula(name: str) -> None:
    text = "".join(summary_csv([failed(name, message=f"{name}, и ещё")]))
    (_, cells) = csv.reader(io.StringIO(text, newline=""))
    assert cells[0] == "'" + name
    assert not any(cell.lstrip().startswith(("=", "+", "-", "@")) for cell in cells)


def test_a_spreadsheet_reads_the_csv_right(tmp_path: Path) -> None:
    names = ['Дело "5", л. 1', "plain", "bad\udcff", "two\nlines"]
    rows = [row(names[0], counts=counts(9, 1, 100)), *(row(name) for name in names[1:])]
    write_summary(result(*rows, out=tmp_path))
    data = (tmp_path / "summary.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbfid,source,status,")
    found = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    assert [x["id"] for x in found] == [names[0], "plain", "bad\ufffd", "two\nlines"]
    assert (found[0]["cer_reading"], found[0]["raw_cer_reading"]) == ("0.010000", "0.090000")
    assert (found[1]["cer_reading"], found[1]["cer_strict"]) == ("", "")
    assert found[0]["unchanged"] == "no"


def test_the_table_shows_every_document_up_to_twenty() -> None:
    rows = [row(f"doc{n:02}", counts=counts(9, n, 100)) for n in range(19)]
    text = shown(result(*rows, failed("broken[red]")))
    assert all(f"doc{n:02}" in text for n in range(19))
    assert "broken[red]" in text
    assert " 9.00 " in text
    assert "INPUT_UNREADABLE: broken[red]: is truncated" in text
    assert "20 documents" in text
    assert "19 ok, 1 failed in 0.0 seconds" in text
    assert "Look in out:" in text


def test_the_table_shows_the_worst_ten_of_many() -> None:
    rows = [row(f"doc{n:02}", counts=counts(50, n, 100)) for n in range(30)]
    text = shown(result(*rows))
    assert [f"doc{n:02}" in text for n in range(30)] == [False] * 20 + [True] * 10
    assert text.index("doc29") < text.index("doc20")
    assert "30 documents" in text
    unscored = shown(result(*(row(f"doc{n:02}", unsure=n) for n in range(30))))
    assert "doc29" in unscored
    assert "doc19" not in unscored
    assert "CER" not in unscored


def test_the_table_fits_a_narrow_terminal() -> None:
    rows = [row("roshchin-1950-05-14-facsimile-heavy", counts=counts(95, 5, 100))]
    text = shown(result(*rows, row("b", unchanged=True)), width=80)
    assert "95.00 " in text
    assert "unchanged" in text
    assert "…" not in text
    assert max(map(len, text.splitlines()[:-2])) <= 80


def test_many_equal_failures_are_one_line() -> None:
    text = shown(result(*(failed(f"d{n}") for n in range(500)), failed("other", "OUTPUT", "full")))
    assert "INPUT_UNREADABLE: d0, d1, d2 and 497 more: is truncated" in text
    assert "OUTPUT: other: full" in text


def test_an_interrupt_says_how_to_go_on() -> None:
    text = shown(result(row("a"), not_done=("b", "c"), waiting=2, interrupted=True))
    assert "Interrupted: 2 not done. Run the same command to go on." in text


def test_names_cannot_command_the_terminal() -> None:
    text = shown(result(failed("a\x1b[2Jb\u202e\udcff", message="x\x07y")))
    assert "a\ufffd[2Jb\ufffd\ufffd" in text
    assert "x\ufffdy" in text


@pytest.mark.parametrize(("terminal", "shows"), [(True, True), (False, False)])
def test_the_bar_is_for_terminals(
    terminal: bool, shows: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    stream = io.StringIO()
    console = Console(file=stream, force_terminal=terminal, width=100)
    stderr = io.StringIO()
    monkeypatch.setattr("sys.stderr", stderr)
    handler = logging.StreamHandler(stderr)
    logging.getLogger().addHandler(handler)
    with batch_progress(console) as progress:
        progress(State(documents=0, of=2), None)
        progress(State(documents=1, of=2, failed=1), failed("a"))
        progress(State(documents=2, of=2, failed=1, pages=3), row("b"))
        logging.getLogger("depesha").warning("a log line")
    logging.getLogger().removeHandler(handler)
    assert ("1 failed" in stream.getvalue()) is shows
    # Above the bar where there is one; else where logs always go.
    assert "a log line" in (stream if shows else stderr).getvalue()
    assert handler.stream is stderr
