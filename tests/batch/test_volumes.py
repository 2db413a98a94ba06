"""Volumes of many telegrams: parted where telegrams begin, each a document of its own."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from batch_helpers import HERE, leftovers
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from pipeline.batch import BatchResult, run_batch
from pipeline.batch.ledger import LEDGER_FILE
from pipeline.cli import main
from pipeline.config import OutputSettings
from pipeline.errors import ExitCode
from pipeline.evaluate.pairs import truths_of
from pipeline.model import Box, Document, Line, LineKind, Page, Problem, Reading, Region, Scan
from pipeline.store import DOCUMENT_FILE, VOLUME_FILE, load_stored
from pipeline.volumes import split

SPLIT = replace(HERE, output=OutputSettings(split="telegrams"))
FRONT = "ДЕЛО № 5\nПереписка с посольством в Пекине за 1950 год\n"
BODY = (
    "     Просим прислать указания о дальнейших переговорах комиссии.\n"
    "     Посол сообщает о беседе, которая состоялась сегодня утром.\n"
)


def telegram(number: int) -> str:
    head = f"Из ПЕКИНА № {number} 18 час 00 мин 14 V 1950 г.\n\n"
    return f"Строго секретно\n{head}Для товарища ФИЛИППОВА.\n{BODY}РОЩИН\n\n8 экз. ам\n"


def volume(folder: Path, *pages: str) -> Path:
    path = folder / "in" / "Дело 5.txt"
    path.parent.mkdir(exist_ok=True)
    path.write_text("\f".join(pages), encoding="utf-8")
    return path.parent


def work(folder: Path, settings: object = SPLIT, truth: Path | None = None) -> BatchResult:
    assert isinstance(settings, type(HERE))
    result = run_batch([folder / "in"], folder / "out", settings, ground_truth=truth, inline=True)
    return dataclasses.replace(result, rows=tuple(result.rows))  # as they are now


def ids(result: BatchResult) -> list[str]:
    return [row.id.removeprefix("Дело 5/") for row in result.rows]


def test_a_volume_is_parted_where_telegrams_begin_and_resumed(tmp_path: Path) -> None:
    pages = [FRONT, telegram(143354), BODY, telegram(143355) + telegram(143356), "", BODY]
    volume(tmp_path, *pages)
    result = work(tmp_path)
    assert ids(result) == ["part-0001", "part-0002", "part-0004", "part-0004-2"]
    assert [row.pages for row in result.rows] == [1, 2, 1, 3]
    assert [dict(row.form).get("telegram_numbers") for row in result.rows] == [
        None, "143354", "143355", "143356",
    ]  # fmt: skip
    parts = [load_stored(tmp_path / "out" / row.id) for row in result.rows]
    assert [[page.number for page in x.document.pages] for x in parts] == [
        [1],
        [2, 3],
        [4],
        [4, 5, 6],
    ]
    # Of a page that two share the first has the reading; none is stored twice.
    assert [[page.number for page in x.read] for x in parts] == [[1], [2, 3], [4], [5, 6]]
    assert all(row.unchanged for row in work(tmp_path).rows)
    summary = json.loads((tmp_path / "out" / "summary.json").read_bytes())
    assert [row["pages"] for row in summary["rows"]] == [1, 2, 1, 3]
    # A damaged part is made again from what was read, and so is a ledger that is gone.
    (tmp_path / "out" / "Дело 5" / "part-0002" / "dropped.txt").unlink()
    (tmp_path / "out" / LEDGER_FILE).unlink()
    assert ids(work(tmp_path)) == ids(result)
    assert [row.unchanged for row in work(tmp_path).rows] == [True] * 4
    assert not leftovers(tmp_path)


def test_parts_keep_their_names_and_what_a_person_changed(tmp_path: Path) -> None:
    volume(tmp_path, telegram(143354), telegram(143355) + telegram(143356), telegram(143357))
    assert ids(work(tmp_path)) == ["part-0001", "part-0002", "part-0002-2", "part-0003"]
    folder = tmp_path / "out" / "Дело 5"
    (folder / "part-0002-2" / "transcript.txt").write_text("by hand", encoding="utf-8")
    # The second on the page turns out to be the first's further sheet.
    volume(tmp_path, telegram(143354), telegram(143355) + telegram(143355), telegram(143357))
    result = work(tmp_path)
    assert ids(result) == ["part-0001", "part-0002", "part-0003"]
    assert [Path(name).name for name in result.kept] == ["transcript.txt"]
    assert [path.name for path in (folder / "part-0002-2").iterdir()] == ["transcript.txt"]
    # And without splitting it is one document, made of what was read.
    assert ids(work(tmp_path, HERE)) == ["Дело 5"]
    assert len(load_stored(folder).read) == 3
    assert sorted(path.name for path in folder.iterdir() if path.is_dir()) == ["part-0002-2"]
    assert ids(work(tmp_path)) == ["part-0001", "part-0002", "part-0003"]
    assert not (folder / DOCUMENT_FILE).exists()


def test_a_killed_run_leaves_nothing_behind_that_counts(tmp_path: Path) -> None:
    volume(tmp_path, telegram(143354), telegram(143355))
    work(tmp_path)
    folder = tmp_path / "out" / "Дело 5"
    # As if killed between the new parts and the removal of what stood before.
    volume(tmp_path, telegram(143354), telegram(143355), telegram(143356))
    kept = (folder / VOLUME_FILE).read_bytes()
    work(tmp_path)
    (folder / VOLUME_FILE).write_bytes(kept)
    volume(tmp_path, telegram(143354), BODY, telegram(143356))
    assert ids(work(tmp_path)) == ["part-0001", "part-0003"]
    assert sorted(path.name for path in folder.iterdir()) == ["part-0001", "part-0003", VOLUME_FILE]


def test_a_volume_that_fails_shows_no_old_parts_and_prune_removes_all(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = volume(tmp_path, telegram(143354), telegram(143355))
    work(tmp_path)
    good = (source / "Дело 5.txt").read_bytes()
    (source / "Дело 5.txt").write_bytes(b"\0" * 100)
    assert [row.status for row in work(tmp_path).rows] == ["failed"]
    assert not list((tmp_path / "out").glob(f"*/part-*/{DOCUMENT_FILE}"))
    (source / "Дело 5.txt").write_bytes(good)
    assert ids(work(tmp_path)) == ["part-0001", "part-0002"]
    (source / "Дело 5.txt").unlink()
    (source / "other.txt").write_text(BODY)
    work(tmp_path)
    assert main(["status", str(tmp_path / "out")]) == ExitCode.OK
    assert "1 of them split, into 2" in capsys.readouterr().out
    assert main(["prune", str(tmp_path / "out"), "--yes"]) == ExitCode.OK
    assert not (tmp_path / "out" / "Дело 5").exists()


def test_a_part_displaces_no_other_document(tmp_path: Path) -> None:
    source = volume(tmp_path, telegram(143354), telegram(143355))
    (source / "Дело 5").mkdir()
    (source / "Дело 5" / "part-0002.txt").write_text(BODY, encoding="utf-8")
    work(tmp_path)
    assert sorted(ids(work(tmp_path))) == ["part-0001", "part-0002", "part-0002~"]


def test_parts_are_scored_under_their_whole_ids(tmp_path: Path) -> None:
    volume(tmp_path, telegram(143354), telegram(143355))
    truth = tmp_path / "truth" / "Дело 5"
    truth.mkdir(parents=True)
    (truth / "part-0002.gt.txt").write_text(BODY, encoding="utf-8")
    result = work(tmp_path, truth=tmp_path / "truth")
    assert [row.counts is not None for row in result.rows] == [False, True]
    again = work(tmp_path, truth=tmp_path / "truth")
    assert [row.counts for row in again.rows] == [row.counts for row in result.rows]
    assert truths_of(["Дело 5/part-0002"], tmp_path / "truth")[0]


HEADS = st.sampled_from(["Из ПЕКИНА № 143354 14 V 1950 г.", "Из ПЕКИНА № 143355 15 V 1950 г."])
TEXTS = st.sampled_from(["Посол сообщает о беседе", "Строго секретно", "12", "8 экз. ам"])
KINDS = st.sampled_from([LineKind.BODY, LineKind.FORM, LineKind.HEADING, LineKind.PAGE_NUMBER])


@given(
    st.lists(st.lists(st.tuples(HEADS | TEXTS, KINDS, st.booleans()), max_size=6), max_size=6),
    st.sets(st.integers(1, 6)),
)
def test_every_line_is_in_one_part_and_every_page_in_one_or_more(
    pages: list[list[tuple[str, LineKind, bool]]], failed: set[int]
) -> None:
    document = _document(pages, failed)
    parts = split(document, SPLIT)
    assert [line for part in parts for line in part.lines] == list(document.lines)
    assert len({part.id for part in parts}) == len(parts)
    read = {page.scan.page for page in document.pages}
    assert {page.scan.page for part in parts for page in part.pages} == read
    for part in parts:
        assert part.picture_numbers == tuple(page.scan.page for page in part.pages)
        if len(parts) > 1:
            assert part.lines
            assert all(field.telegram is None for field in part.fields)
    told = [problem for part in parts for problem in part.problems]
    assert sorted(told, key=lambda x: x.page or 0) == list(document.problems)
    regions = [region for part in parts for page in part.pages for region in page.regions]
    assert len(regions) == len(read)


def _box(top: int, bottom: int) -> Box:
    return Box(left=0, top=top, right=9, bottom=bottom)


def _document(pages: Sequence[Sequence[tuple[str, LineKind, bool]]], failed: set[int]) -> Document:
    made: list[Page] = []
    for number, lines in enumerate(pages, start=1):
        if number in failed:
            continue
        made.append(
            Page(
                number=number,
                scan=Scan(path="x.pdf", page=number),
                regions=(Region(kind=LineKind.STAMP, box=_box(15, 25)),),
                lines=tuple(
                    Line(
                        id=f"p{number}-l{place:03}",
                        reading=Reading.of("file", text),
                        kind=kind,
                        box=_box(10 * place, 10 * place + 9) if has_box else None,
                    )
                    for place, (text, kind, has_box) in enumerate(lines)
                ),
            )
        )
    problems = [
        Problem(code="INPUT_UNREADABLE", message="is damaged", page=number)
        for number in sorted(failed)
        if number <= len(pages)
    ]
    return Document(id="x", pages=tuple(made), problems=tuple(problems))
