"""A Dask cluster does the same work as this machine, and its workers may die."""

from __future__ import annotations

import os
import pickle
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from batch_helpers import TWO, leftovers, put, run, statuses
from msgspec.structs import replace

from pipeline.batch.cluster import LOCAL, check_address
from pipeline.batch.fingerprints import Stages
from pipeline.batch.jobs import Job, Plan
from pipeline.batch.naming import Task
from pipeline.config import Settings
from pipeline.errors import UsageError
from pipeline.store import load_stored
from pipeline.transcript import TEXT_FILES

CLUSTER = replace(TWO, batch=replace(TWO.batch, cluster=LOCAL, page_seconds=60.0))

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::DeprecationWarning")


def test_a_local_cluster_gives_the_same_and_survives_the_death_of_a_worker(tmp_path: Path) -> None:
    files = put(
        tmp_path,
        **{f"d{n}": f"Телеграмма {n}.\n> N :" for n in range(6)},
        long="Раз.\fДва.\fdamaged\fТри.",
        bad="exit",
        slow="slow 1",
    )
    one = run(files, tmp_path / "here", TWO)
    killer = threading.Thread(target=_kill_a_worker)
    killer.start()
    other = run(files, tmp_path / "there", CLUSTER)
    killer.join()
    assert statuses(one) == statuses(other)
    assert statuses(other)["bad"] == "failed"
    assert statuses(other)["long"] == "partial"
    for row in other.rows:
        if row.status == "failed":
            continue
        here, there = tmp_path / "here" / row.id, tmp_path / "there" / row.id
        for name in TEXT_FILES:
            assert (here / name).read_bytes() == (there / name).read_bytes()
        assert load_stored(here).document == load_stored(there).document
    assert not leftovers(tmp_path)


def _kill_a_worker() -> None:
    """Kill one of the processes that the cluster's nannies started, once it has a page child."""
    end = time.monotonic() + 60
    while time.monotonic() < end:
        parents = {pid: parent for pid, parent, _ in _processes()}
        for _, worker, line in _processes():
            if b"pipeline.executors" in line and parents.get(worker) == os.getpid():
                os.kill(worker, signal.SIGKILL)
                return
        time.sleep(0.1)


def _processes() -> Iterator[tuple[int, int, bytes]]:
    """Number, parent's number and command line of all processes."""
    for path in Path("/proc").glob("[0-9]*"):
        try:
            line = (path / "cmdline").read_bytes()
            parent = int((path / "stat").read_text().rpartition(")")[2].split()[1])
        except (OSError, ValueError):
            continue
        yield int(path.name), parent, line


def test_only_this_machine_or_tls() -> None:
    for address in ("tcp://127.0.0.1:8786", "localhost:8786", "tls://10.0.0.5:8786"):
        check_address(address)
    for address in ("tcp://10.0.0.5:8786", "10.0.0.5:8786"):
        with pytest.raises(UsageError, match="use tls://"):
            check_address(address)


def test_what_goes_to_a_worker_is_small() -> None:
    task = Task(number=1, id="Фонд/Дело/1", key="0" * 64, source="s/1.png", files=("s/1.png",))
    plan = Plan(out=Path("out"), settings=Settings(), stages=Stages.of(Settings(), ()))
    size = len(pickle.dumps((plan, Job(kind="document", task=task))))
    assert size < 10_000
