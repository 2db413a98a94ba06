"""Cluster workers that share no file system: files and pages go through fsspec."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace as with_values
from functools import partial
from pathlib import Path
from typing import Any

import batch_workers
import pytest
from batch_helpers import HERE, leftovers, put, run, statuses
from msgspec.structs import replace

from pipeline.batch import run as batch_run
from pipeline.batch.carry import Carried, Store, do_here, do_there, own_place
from pipeline.batch.cluster import LOCAL
from pipeline.batch.fingerprints import Stages
from pipeline.batch.jobs import Done, Job, Plan, pages_folder
from pipeline.batch.naming import Task
from pipeline.config import Settings
from pipeline.errors import ClusterError, UsageError
from pipeline.executors import Inline
from pipeline.store import DOCUMENT_FILE
from pipeline.transcript import TEXT_FILES

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::DeprecationWarning")

PLACE = os.environ.get("DEPESHA_TEST_S3", "")
"""``s3://bucket/...`` of a server that is up, to try the same there."""


def place(folder: Path) -> str:
    return PLACE or f"file://{folder / 'store'}"


def carried(folder: Path, settings: Settings = HERE) -> Settings:
    return replace(settings, batch=replace(settings.batch, cluster=LOCAL, carry=place(folder)))


class Elsewhere(Inline[Job, Done]):
    """Stand-in for a cluster: does its jobs where the collection's paths lead nowhere."""

    def __init__(self, address: str, function: Any, jobs: int, **_: Any) -> None:
        del address, jobs
        super().__init__(partial(_elsewhere, function))


def _elsewhere(function: Any, job: Job) -> Done:
    here = Path.cwd()
    (here / "elsewhere").mkdir(exist_ok=True)
    os.chdir(here / "elsewhere")
    try:
        found: Done = function(job)
        return found
    finally:
        os.chdir(here)


@pytest.fixture
def _apart(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(batch_run, "Cluster", Elsewhere)
    monkeypatch.chdir(tmp_path)


def same(folder: Path, names: Sequence[str]) -> None:
    for name in names:
        for file in TEXT_FILES:
            here, there = folder / "here" / name, folder / "there" / name
            assert (here / file).read_bytes() == (there / file).read_bytes()


@pytest.mark.usefixtures("_apart")
def test_results_are_the_same_and_nothing_stays_in_the_store(tmp_path: Path) -> None:
    put(tmp_path, **{f"d{n}": f"Телеграмма {n}.\n> N :" for n in range(4)})
    put(tmp_path, long="Раз.\fdamaged\fТри.", bad="damaged", bug="bug")
    inputs = [Path("scans")]
    one = run(inputs, Path("here"))
    other = run(inputs, Path("there"), carried(tmp_path), inline=False)
    assert statuses(one) == statuses(other)
    assert [row.problems for row in one.rows] == [row.problems for row in other.rows]
    same(tmp_path, [row.id for row in other.rows if row.status != "failed"])
    assert not leftovers(tmp_path)
    assert not Store(own_place(place(tmp_path), Path("there"))).names("")
    again = run(inputs, Path("there"), carried(tmp_path), inline=False)
    assert all(row.unchanged for row in again.rows if row.status != "failed")


def test_pages_that_lie_in_the_store_are_not_read_again(tmp_path: Path) -> None:
    (file,) = put(tmp_path, long="Раз.\fДва.\fТри.")
    plan = Plan(
        out=tmp_path / "out",
        settings=HERE,
        stages=Stages.of(HERE, ()),
        open=batch_workers.Texts,
        derive=batch_workers.document_of,
        carry=own_place(place(tmp_path), tmp_path / "out"),
    )
    job = Job(kind="document", task=_task(file))
    opened = do_here(plan, job)
    assert (opened.counts, opened.there) == ((3,), frozenset())
    page = with_values(job, kind="page", sha256=opened.sha256, page=2, page_of_file=2, pages=3)
    assert do_there(plan, page).problem is None
    # The coordinator died meanwhile: who comes after it finds the page.
    assert do_here(plan, job).there == frozenset({2})
    finish = with_values(page, kind="finish")
    assert do_here(plan, finish).missing == (1, 3)
    Store(plan.carry).put(
        f"pages/{pages_folder(plan, page.task, page.sha256).name}/000001.json.xz", b"no page"
    )
    assert do_here(plan, finish).missing == (1, 3)
    for number in (1, 3):
        do_there(plan, with_values(page, page=number, page_of_file=number))
    done = do_here(plan, finish)
    assert done.row is not None
    assert (tmp_path / "out" / "long" / DOCUMENT_FILE).is_file()
    assert not Store(plan.carry).names("pages")


def _task(file: Path) -> Task:
    return Task(number=1, id="long", key="k", source=str(file), files=(str(file),))


def test_a_store_that_is_none_ends_the_run_before_it_begins(tmp_path: Path) -> None:
    files = put(tmp_path, a="Да.")
    (tmp_path / "store").write_text("a file")
    nowhere = replace(HERE.batch, cluster=LOCAL, carry=f"file://{tmp_path}/store")
    with pytest.raises(ClusterError, match=r"file://.*does not do what batch\.carry needs"):
        run(files, tmp_path / "out", replace(HERE, batch=nowhere), inline=False)
    alone = replace(HERE, batch=replace(HERE.batch, carry="file:///x"))
    with pytest.raises(UsageError, match="give --cluster"):
        run(files, tmp_path / "out", alone)
    both = replace(HERE, batch=replace(HERE.batch, cluster=LOCAL, share=True))
    with pytest.raises(UsageError, match="does not go with --cluster"):
        run(files, tmp_path / "out", both)


def test_pages_do_not_pile_up(tmp_path: Path) -> None:
    del tmp_path

    class Few:
        broken = ""
        busy = 0

        def __init__(self, free: int) -> None:
            self.free = free

        def submit(self, index: int, job: Any, *, seconds: float = 0.0) -> None:
            del index, job, seconds
            self.free -= 1
            self.busy += 1

        def wait(self, timeout: float) -> tuple[()]:
            del timeout
            return ()

    both = Carried(Few(2), Few(1))
    page = Job(kind="page", task=_task(Path("x")))
    assert both.free == 2
    for index in range(4):
        both.submit(index, page)
    assert both.busy == 4
    assert both.free == 0
