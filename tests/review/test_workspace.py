"""The folder that is worked on: the list, what leaves, a transcript changed by hand, kills."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from review_samples import facing, run_info, sample, write

from pipeline.cli import main
from pipeline.config import Settings
from pipeline.errors import ExitCode, TruthError
from pipeline.evaluate.paths import evaluate_paths
from pipeline.evaluate.score import score_text
from pipeline.ground_truth import find_truth
from pipeline.model import LineKind, Verdict
from pipeline.report import key_of
from pipeline.review.asking import Action, RefusedError, Request
from pipeline.review.decisions import ILLEGIBLE, PageStatus
from pipeline.review.index import Query, excerpt, match_of
from pipeline.review.log import REVIEW_FILE, EventLog
from pipeline.review.truth_out import TruthsWritten, write_truths
from pipeline.review.work import work_of
from pipeline.review.workspace import View, Workspace
from pipeline.review.worth import Worth, interval, worth_of
from pipeline.store import save_document
from pipeline.transcript import TRANSCRIPT, make_texts

KINDS = (LineKind.ADDRESSEE, LineKind.HEADING, LineKind.BODY, LineKind.SIGNATURE)
KEY = key_of("альфа")


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    out = tmp_path / "out"
    document = sample()
    save_document(out / document.id, document, run=run_info(), texts=make_texts(document, KINDS))
    write(out, sample("фонд/дело/бета"), "base-one")
    made = Workspace(out, Settings())
    for _ in made.refresh():
        pass
    yield made
    made.close()


def do(workspace: Workspace, action: Action, line: str = "", **more: object) -> View:
    view = workspace.view(KEY)
    assert view is not None
    seen = {key: thread.revision for key, thread in view.threads.items()}
    request = Request(action=action, base="base-one", line=line, seen=seen, **more)  # type: ignore[arg-type]
    made = workspace.decide(KEY, request, "anna")
    assert made is not None
    return made


def test_the_list_follows_the_work(workspace: Workspace) -> None:
    count, entries = workspace.index.find(Query())
    assert count == 2
    assert {entry.id for entry in entries} == {"альфа", "фонд/дело/бета"}
    before = workspace.index.get(KEY)
    assert before is not None
    assert (before.status, before.figures, before.names, before.rest) == ("open", 1, 0, 1)
    do(workspace, "text", "p1-l003", text="ским друзьям о договоре 1950 года", asked="doubt")
    do(workspace, "page", page=1, status=PageStatus.LOOKED)
    after = workspace.index.get(KEY)
    assert after is not None
    assert (after.status, after.done, after.figures, after.gain) == ("looked", 1, 0, 0)
    assert (after.looked, after.changed) == (1, 1)
    assert workspace.index.find(Query(status="looked"))[0] == 1
    assert workspace.index.find(Query(name="дело"))[0] == 1
    assert workspace.index.find(Query(sender="пекин"))[0] == 2
    assert workspace.index.find(Query(doubt="figures"))[0] == 1
    assert workspace.index.find(Query(text="1950 году"))[0] == 1
    assert workspace.next_key(KEY) == key_of("фонд/дело/бета")
    assert workspace.index.totals()["looked"] == 1


def test_words_are_found_in_all_their_forms_and_over_line_ends(workspace: Workspace) -> None:
    assert {hit[1] for hit in workspace.index.search("корейского друга")} == {
        "альфа",
        "фонд/дело/бета",
    }
    assert workspace.index.search("пингвин") == []
    assert workspace.index.search('" OR 1=1 --*') == []
    do(workspace, "drop", "p1-l006")
    assert len(workspace.index.search("строки")) == 1


@given(st.text(max_size=40))
def test_no_query_is_a_command(text: str) -> None:
    assert match_of(text).count('"') % 2 == 0
    assert "".join(part for part, _ in excerpt("слово и дело", text)) != ""


def test_what_is_found_is_marked_where_it_stands_first() -> None:
    text = "Много слов до того. " * 20 + "О договоре и договоры." + " Много слов после того." * 20
    pieces = excerpt(text, "договор")
    assert [part for part, found in pieces if found] == ["договоре", "договоры"]
    whole = "".join(part for part, _ in pieces)
    assert whole in text
    assert len(whole) < 240


def test_the_list_is_made_again_where_it_is_damaged(tmp_path: Path) -> None:
    write(tmp_path, sample())
    Workspace(tmp_path, Settings()).close()
    (path,) = (tmp_path / ".depesha-review").glob("*.sqlite")
    path.write_bytes(b"no database" * 500)
    again = Workspace(tmp_path, Settings())
    assert list(again.refresh()) == [(1, 1)]
    assert again.index.find(Query())[0] == 1
    again.close()


def test_texts_are_written_with_the_decisions(workspace: Workspace) -> None:
    do(workspace, "text", "p1-l001", text="Далее товарищ указал, что")
    workspace.write_edited(KEY)
    path = workspace.out / "альфа" / TRANSCRIPT
    assert "указал" in path.read_text(encoding="utf-8")
    do(workspace, "undo")
    workspace.write_edited(KEY)
    assert "уназал" in path.read_text(encoding="utf-8")
    # A later run takes them for its own: nothing is set aside.
    save_document(path.parent, sample(), run=run_info(), texts=make_texts(sample(), KINDS))
    assert [x.name for x in path.parent.glob("*changed*")] == []


def changed_by_hand(workspace: Workspace, old: str, new: str) -> Path:
    path = workspace.out / "альфа" / TRANSCRIPT
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    return path


def test_a_transcript_changed_by_hand_is_taken_in(workspace: Workspace) -> None:
    with pytest.raises(RefusedError, match="nothing_by_hand"):
        do(workspace, "take_in")
    do(workspace, "drop", "p1-l004")
    workspace.write_edited(KEY)
    path = changed_by_hand(workspace, "корейским друзьям", "корейским товарищам")
    changed_by_hand(workspace, "уназал", "указал")
    mine = path.read_bytes()
    do(workspace, "text", "p1-l001", text="Далее товарищ сказал, что")
    workspace.write_edited(KEY)
    assert path.read_bytes() == mine  # it is never overwritten
    view = do(workspace, "take_in")
    texts = {row.line.id: row.text for row in view.flat}
    assert texts["p1-l003"] == "ским товарищам о договоре 1050 года"
    assert texts["p1-l002"] == "сообщил корей-"
    # Decided on since: that stands, and what the file says is a note to it.
    assert texts["p1-l001"] == "Далее товарищ сказал, что"
    (note,) = view.decisions.lines["p1-l001"].notes
    assert "указал" in note.text
    assert view.decisions.lines["p1-l004"].verdict is Verdict.DROP
    assert not view.by_hand
    workspace.write_edited(KEY)
    assert path.with_name("transcript.changed.txt").read_bytes() == mine
    assert "сказал" in path.read_text(encoding="utf-8")
    do(workspace, "undo")
    again = workspace.view(KEY)
    assert again is not None
    assert "p1-l003" not in again.decisions.lines


def test_ground_truth_of_done_pages_leaves(workspace: Workspace, tmp_path: Path) -> None:
    do(workspace, "text", "p1-l001", text="Далее товарищ указал, что")
    do(workspace, "illegible", "p1-l006", word=2)
    folder = tmp_path / "truth"
    assert write_truths(workspace, folder) == TruthsWritten(left=1)
    do(workspace, "page", page=1, status=PageStatus.LOOKED)
    assert write_truths(workspace, folder) == TruthsWritten(whole=1)
    truth = find_truth("альфа", folder)
    assert truth is not None
    assert truth.text.splitlines()[0] == "Далее товарищ указал, что"
    assert ILLEGIBLE in truth.text
    by_kind = {line.text: line.kind for line in truth.lines}
    assert by_kind["РОЩИН"] is LineKind.SIGNATURE
    assert None in by_kind  # the dropped line, and the one with a word that cannot be read
    assert "указал" in (folder / "альфа.gt.xml").read_text(encoding="utf-8")
    found = evaluate_paths(workspace.out / "альфа", folder)
    assert found.scores[0].clean.scores.cer.strict.errors == 8  # a letter, and a word


def test_what_is_done_of_a_document_leaves_marked_as_a_part(tmp_path: Path) -> None:
    out, folder = tmp_path / "out", tmp_path / "truth"
    document = facing()
    write(out, document)
    with closing(Workspace(out, Settings())) as workspace:
        request = Request(action="page", base="base-one", page=2, status=PageStatus.LOOKED)
        workspace.decide(key_of("разворот"), request, "anna")
        assert write_truths(workspace, folder) == TruthsWritten(left=1)
        assert not folder.exists()
    options = ["--truth", str(folder), "--partly"]
    assert main(["review", str(out), *options]) == 0
    assert sorted(path.name for path in folder.iterdir()) == [
        "разворот.gt.json",
        "разворот.gt.txt",
        "разворот.p0002.gt.xml",
    ]
    truth = find_truth("разворот", folder)
    assert truth is not None
    assert truth.only_pages == (2,)
    assert {line.page for line in truth.lines} == {2}
    assert truth.known_of(document).pages == document.pages[1:]
    # Only that page is compared; a text without pages cannot be.
    found = evaluate_paths(out / "разворот", folder)
    assert found.scores[0].clean.scores.cer.strict.errors == 0
    with pytest.raises(TruthError, match="some pages only"):
        score_text("разворот", "текст", truth, Settings().evaluate)
    assert main(["review", str(out), "--partly"]) == ExitCode.USAGE


def test_acknowledged_saves_outlive_a_kill(root: Path) -> None:
    script = root / "benchmarks" / "review_kill.py"
    done = subprocess.run(
        [sys.executable, str(script), "5"], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "5 acknowledged saves, killed after each: 0 lost"


def test_work_is_told_from_the_log(workspace: Workspace) -> None:
    do(workspace, "accept", "p1-l001", word=0, asked="audit")
    do(workspace, "text", "p1-l003", text="б", asked="audit")
    do(workspace, "text", "p1-l006", text="в")
    do(workspace, "undo")
    do(workspace, "redo")
    do(workspace, "undo")
    events = workspace.log.events("альфа")
    work = work_of(events)
    assert (work.looked, work.changed, work.asked, work.missed) == (2, 1, 2, 1)
    assert 10 <= work.seconds < 60


@pytest.mark.parametrize(
    ("word", "other", "opens", "wanted"),
    [
        ("1950", "", False, Worth.FIGURE),
        ("тонн", "70нн", False, Worth.FIGURE),
        ("Пекина", "", True, Worth.NAME),
        ("Рощин", "", False, Worth.NAME),
        ("Далее", "", True, Worth.REST),
        ("сообщил", "", False, Worth.REST),
    ],
)
def test_what_a_doubt_is_worth(word: str, other: str, opens: bool, wanted: Worth) -> None:
    assert worth_of(word, other, opens=opens) is wanted


@given(st.integers(0, 300), st.integers(1, 300))
def test_an_interval_holds_its_rate(wrong: int, looked: int) -> None:
    between = interval(min(wrong, looked), looked)
    assert between is not None
    assert 0 <= between[0] <= min(wrong, looked) / looked <= between[1] <= 1
    assert interval(0, 0) is None


def test_a_log_of_all_documents_is_read_document_by_document(tmp_path: Path) -> None:
    log = EventLog(tmp_path / REVIEW_FILE)
    assert list(log.all_events()) == []
    log.close()


def test_a_new_run_leaves_the_editors_text_in_the_files(read_text: Any, tmp_path: Path) -> None:
    out = tmp_path / "out"
    shutil.copytree(read_text.out, out)
    with closing(Workspace(out, Settings())) as workspace:
        view = workspace.view(KEY)
        assert view is not None
        base, line = view.stored.run.fingerprint, view.flat[0].head
        request = Request(action="text", base=base, line=line, text="Далее товарищ приказал, что")
        workspace.decide(KEY, request, "anna")
    quick = ("--set", "report.write=false", "--jobs", "1")
    again = ("--set", "cleanup.corrections=false", "--force", *quick)
    assert main(["run", str(read_text.scans), "--out", str(out), *again]) == 0
    text = (out / "альфа" / TRANSCRIPT).read_text(encoding="utf-8")
    assert text == "Далее товарищ приказал, что договор подписан.\n"
    assert list((out / "альфа").glob("*changed*")) == []
