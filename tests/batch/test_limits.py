"""Pages that hang, eat memory or crash cost themselves alone, also with one job."""

from __future__ import annotations

from pathlib import Path

import pytest
from batch_helpers import HERE, calls, leftovers, put, run, statuses
from msgspec.structs import replace

from pipeline.batch.ledger import LEDGER_FILE, Ledger
from pipeline.batch.lock import locked
from pipeline.errors import ExitCode, InUseError
from pipeline.store import load_document, load_stored

LIMITED = replace(HERE, batch=replace(HERE.batch, page_seconds=5.0, page_memory=600))


def test_poison_is_set_aside_and_the_rest_is_right(tmp_path: Path) -> None:
    good = {f"d{n}": f"Телеграмма {n}." for n in range(4)}
    bad = {"hang": "hang", "eat": "eat", "exit": "exit", "kill": "kill"}
    files = put(tmp_path, **good, **bad, long="Раз.\fexit\fТри.")
    result = run(files, tmp_path / "out", LIMITED, inline=False)
    assert statuses(result) == dict.fromkeys(good, "ok") | dict.fromkeys(bad, "failed") | {
        "long": "partial"
    }
    said = {row.id: row.problems[0] for row in result.rows if row.problems}
    assert {name: problem.code for name, problem in said.items()} == {
        "hang": "PAGE_LIMIT",
        "eat": "PAGE_LIMIT",
        "exit": "WORKER_LOST",
        "kill": "WORKER_LOST",
        "long": "WORKER_LOST",
    }
    assert "took over 5 seconds, twice" in said["hang"].message
    assert "needs more than 600 MB" in said["eat"].message
    assert "exit code 3" in said["exit"].message
    assert said["long"].page == 2
    assert [page.number for page in load_document(tmp_path / "out" / "long").pages] == [1, 3]
    assert not leftovers(tmp_path)
    with Ledger(tmp_path / "out" / LEDGER_FILE, write=False) as ledger:
        attempts = dict(ledger.all("SELECT id, attempts FROM documents"))
    assert (attempts["d1"], attempts["exit"], attempts["long"]) == (1, 3, 3)
    # What cost so much is not tried again until something changes.
    before = [calls(path) for path in files]
    assert run(files, tmp_path / "out", LIMITED, inline=False).exit_code is ExitCode.SOME_FAILED
    assert [calls(path) for path in files] == before


def test_a_long_file_goes_on_at_the_page_it_was_at(tmp_path: Path) -> None:
    (path,) = put(tmp_path, long="Раз.\fДва.\fТри.\fЧетыре.")
    stop = replace(HERE, batch=replace(HERE.batch, free_disk=1 << 40))
    assert run([path], tmp_path / "out", stop).exit_code is ExitCode.STOPPED
    seen: list[int] = []

    def interrupted(state: object, row: object) -> None:
        seen.append(getattr(state, "pages", 0))
        if seen[-1] == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run([path], tmp_path / "out", progress=interrupted)
    assert calls(path) == 3, "opened to count, and for two pages"
    result = run([path], tmp_path / "out")
    assert statuses(result) == {"long": "ok"}
    assert calls(path) == 6, "counted again, and the two that were left"
    stored = load_stored(tmp_path / "out" / "long")
    assert [page.lines[0].raw for page in stored.read] == ["Раз.", "Два.", "Три.", "Четыре."]
    assert not leftovers(tmp_path)


def test_a_run_stops_where_too_many_fail(tmp_path: Path) -> None:
    files = put(tmp_path, **{f"d{n:02}": "damaged" for n in range(30)})
    some = replace(HERE, batch=replace(HERE.batch, stop_failures=3))
    result = run(files, tmp_path / "out", some)
    assert result.exit_code is ExitCode.STOPPED
    assert (len(result.rows), result.waiting) == (3, 27)
    assert "3 documents failed" in result.stopped
    share = replace(HERE, batch=replace(HERE.batch, stop_failure_share=0.5))
    result = run(files, tmp_path / "out2", share)
    assert (len(result.rows), result.waiting) == (20, 10)


def test_two_runs_in_one_folder_say_who_holds_it(tmp_path: Path) -> None:
    files = put(tmp_path, a="Да.")
    with locked(tmp_path / "out"), pytest.raises(InUseError, match="in use by another run"):
        run(files, tmp_path / "out")
    assert run(files, tmp_path / "out").exit_code is ExitCode.OK
