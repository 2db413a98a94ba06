"""What an editor decided is in every export, and told from what the machine did."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from export_samples import RUN, store, telegram

from pipeline.errors import ResultError
from pipeline.export import Order, export_results
from pipeline.export.source import REVIEW_FILE
from pipeline.export.tokens import EDITOR
from pipeline.formats import read_document
from pipeline.model import LineKind, Verdict
from pipeline.review import EDITOR as REVIEWERS
from pipeline.review import REVIEW_FILE as REVIEWS
from pipeline.review.decisions import Event, LineState, State, line_key
from pipeline.review.log import EventLog
from pipeline.review.places import anchor_of


def decide(results: Path, line_id: str, after: LineState) -> None:
    document = telegram()
    page, line = next((p, x) for p in document.pages for x in p.lines if x.id == line_id)
    key = line_key(RUN.fingerprint, line_id)
    before: dict[str, State] = {key: LineState()}
    log = EventLog(results / REVIEW_FILE)
    try:
        event = Event(
            document=document.id,
            user="anna",
            base=RUN.fingerprint,
            action="text",
            line=line_id,
            anchors={key: anchor_of(line, page.number, RUN.fingerprint)},
            before=before,
            after={key: after},
        )
        log.add(event, {key: 0})
    finally:
        log.close()


def test_both_rooms_mean_the_same() -> None:
    assert (REVIEW_FILE, EDITOR) == (REVIEWS, REVIEWERS)


def test_a_corrected_and_a_restored_line_leave_in_every_format(tmp_path: Path) -> None:
    results, out = tmp_path / "r", tmp_path / "out"
    store(results, telegram())
    order = Order(results=results, formats=["alto", "page", "tei", "docx", "txt", "csv"], out=out)
    assert export_results(order).unchanged.total() == 0
    decide(results, "p1-l007", LineState(text="Товарищ Мао Цзэ-дун и другие"))
    decide(results, "p1-l004", LineState(text="ещё слово", verdict=Verdict.KEEP,
                                         kind=LineKind.BODY))  # fmt: skip
    done = export_results(order)
    assert (done.unchanged.total(), done.failed) == (0, [])
    for name in ("alto/telegram.alto.xml", "page/telegram.p0001.page.xml",
                 "tei/telegram.tei.xml", "txt/telegram.txt", "csv/telegram.lines.csv"):  # fmt: skip
        text = (out / name).read_text(encoding="utf-8")
        assert "Цзэ-дун" in text, name
        assert "ещё" in text, name
    tei = (out / "tei" / "telegram.tei.xml").read_text(encoding="utf-8")
    assert 'xml:id="editor"' in tei
    back = read_document(out / "page" / "telegram.p0001.page.xml", ResultError)
    kept = [x.raw for x in back.lines if x.verdict is not Verdict.DROP]
    assert "ещё слово" in kept
    assert "Товарищ Мао Цзэ-дун и другие" in kept


def test_damaged_decisions_are_named(tmp_path: Path) -> None:
    store(tmp_path, telegram())
    (tmp_path / REVIEW_FILE).write_bytes(b"no database, but long enough to be one" * 40)
    done = export_results(Order(results=tmp_path, formats=["txt"]))
    (failure,) = done.failed
    assert failure.document == "telegram"
    assert REVIEW_FILE in failure.message


def test_what_a_format_does_not_need_is_not_loaded() -> None:
    code = "import sys; from pipeline.export.formats import chosen; "
    code += "chosen('txt,alto'); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    for module in ("pikepdf", "docx", "fontTools", "pipeline.review", "onnxruntime"):
        assert module not in done.stdout.split()
