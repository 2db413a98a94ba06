"""Runs that share one output folder: the first coordinates, others help, and any may die."""

from __future__ import annotations

import dataclasses
import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from batch_helpers import TWO, calls, leftovers, put, run, statuses
from msgspec.structs import replace

from pipeline.batch import BatchResult
from pipeline.batch.fingerprints import Stages
from pipeline.batch.jobs import Done, Job, Plan
from pipeline.batch.lock import HELLO, SHARE, WORK, helpers, locked
from pipeline.batch.naming import Task
from pipeline.batch.share import Shared
from pipeline.errors import InUseError
from pipeline.executors import Finished
from pipeline.transcript import TEXT_FILES

SHARED = replace(TWO, batch=replace(TWO.batch, share=True, jobs=1, page_seconds=60.0))
PLAIN = replace(SHARED, batch=replace(SHARED.batch, share=False))


def work(files: list[Path], out: Path) -> BatchResult:
    return run(files, out, SHARED, inline=False)


def test_two_runs_share_the_work_and_do_nothing_twice(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "depesha")
    files = put(
        tmp_path,
        **{f"d{n}": "slow 0.3" for n in range(8)},
        long="\f".join(["slow 0.1"] * 4),
        damaged="damaged",
    )
    found: dict[str, BatchResult] = {}

    def other() -> None:
        found["other"] = work(files[:2], tmp_path / "out")

    helper = threading.Thread(target=other)
    threading.Timer(0.5, helper.start).start()
    result = work(files, tmp_path / "out")
    while not helper.ident:
        time.sleep(0.05)
    helper.join(60)
    assert "helped by process" in caplog.text
    alone = run(files, tmp_path / "alone", PLAIN)
    assert statuses(result) == statuses(alone)
    assert [row.unchanged for row in found["other"].rows] == [True, True]
    assert {calls(path) for path in files[:8]} == {2}  # once into each folder
    for row in alone.rows:
        if row.status != "failed":
            for name in TEXT_FILES:
                here, there = tmp_path / "out" / row.id, tmp_path / "alone" / row.id
                assert (here / name).read_bytes() == (there / name).read_bytes()
    assert not leftovers(tmp_path)
    assert not (tmp_path / "out" / WORK / SHARE).exists()


def test_where_the_coordinator_is_killed_a_helper_goes_on(tmp_path: Path) -> None:
    files = put(tmp_path, **{f"d{n}": "slow 0.5" for n in range(6)})
    script = (
        "import sys; from pathlib import Path; from test_share import work;"
        "out, *files = map(Path, sys.argv[1:]); work(files, out)"
    )
    first = subprocess.Popen(
        [sys.executable, "-c", script, tmp_path / "out", *files],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    while not (tmp_path / "out" / WORK / SHARE / "plan.json").exists():
        assert first.poll() is None
        time.sleep(0.05)
    found: list[BatchResult] = []
    helper = threading.Thread(target=lambda: found.append(work(files, tmp_path / "out")))
    helper.start()
    while not helpers(tmp_path / "out"):
        time.sleep(0.05)
    first.send_signal(signal.SIGKILL)
    first.wait()
    helper.join(60)
    assert set(statuses(found[0]).values()) == {"ok"}
    assert len(found[0].rows) == 6
    assert not leftovers(tmp_path)


def test_who_does_not_share_is_not_helped(tmp_path: Path) -> None:
    files = put(tmp_path, a="Да.")
    for share, settings, said in (
        (False, SHARED, "started without --share"),
        (True, PLAIN, r"is in use by another run \(process"),
    ):
        with locked(tmp_path / "out", share=share), pytest.raises(InUseError, match=said):
            run(files, tmp_path / "out", settings)


class Own:
    """Stand-in for the coordinator's own workers."""

    broken = ""
    busy = 0

    def __init__(self) -> None:
        self.free = 0
        self.given: list[int] = []

    def submit(self, index: int, job: Any, *, seconds: float = 0.0) -> None:
        del job, seconds
        self.given.append(index)
        self.free -= 1

    def wait(self, timeout: float) -> Sequence[Finished[Done]]:
        del timeout
        return ()


def test_jobs_of_a_helper_that_is_gone_are_done_again(tmp_path: Path) -> None:
    plan = Plan(out=tmp_path, settings=SHARED, stages=Stages.of(SHARED, ()))
    task = Task(number=1, id="Фонд/1", key="0", source="s\udcff", files=("s\udcff.png",))
    own = Own()
    with Shared(own, plan) as shared:
        box = tmp_path / WORK / SHARE / "somebody"
        box.mkdir()
        (box / HELLO).write_text('{"slots": 2, "pid": 1, "host": "h"}')
        (box / "alive").touch()
        shared._meet()
        assert shared.free == 2
        shared.submit(7, Job(kind="document", task=task), seconds=1.0)
        assert (shared.busy, shared.free, own.given) == (1, 1, [])
        assert len(list(box.glob("*.job.json"))) == 1
        assert not shared.wait(0)  # nobody holds its lock: it is gone
        assert not box.exists()
        assert (shared.busy, shared.free) == (1, -1)
        own.free = 1
        shared.wait(0)
        assert own.given == [7]


def test_answers_come_back_as_they_were(tmp_path: Path) -> None:
    from pipeline.batch import share  # noqa: PLC0415

    files = put(tmp_path, a="Да.\udc80".encode("utf-8", "replace").decode(), b="damaged")
    for row in run(files, tmp_path / "out", PLAIN).rows:
        done = Done(
            row=dataclasses.replace(row, source="\udcff"), there=frozenset({1}), counts=(2,)
        )
        ended: Finished[Done] = Finished(index=3, value=done, peak=5)
        share._write(tmp_path / "x.json", share._finished_data(ended))
        assert share._read_finished(tmp_path / "x.json", 3) == ended
