"""Jobs over processes: errors stay with their job, deaths with theirs, and Ctrl-C is clean."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import batch_workers
import pytest

from pipeline.executors import Finished, Interrupts, run_jobs, worker_count

HERE = Path(__file__).parent


@pytest.mark.parametrize("workers", [1, 2])
def test_every_job_ends_with_its_value_or_its_error(workers: int) -> None:
    with Interrupts() as interrupts:
        ended = list(
            run_jobs(batch_workers.square, [3, -1, 4], workers=workers, interrupts=interrupts)
        )
    by_index = {e.index: e for e in ended}
    assert len(ended) == 3
    assert by_index[0] == Finished(index=0, value=9)
    assert by_index[2] == Finished(index=2, value=16)
    assert isinstance(by_index[1].error, ValueError)


def test_a_killed_worker_costs_the_job_at_fault_alone() -> None:
    with Interrupts() as interrupts:
        ended = list(
            run_jobs(batch_workers.killed_at_13, range(10, 20), workers=2, interrupts=interrupts)
        )
    assert sorted(e.index for e in ended) == list(range(10))
    assert [e.index for e in ended if e.lost] == [3]
    assert all(e.value == e.index + 10 for e in ended if not e.lost)


def test_a_job_that_dies_once_is_tried_again(tmp_path: Path) -> None:
    jobs = [str(tmp_path / name) for name in ("a", "weak", "b")]
    with Interrupts() as interrupts:
        ended = list(run_jobs(batch_workers.killed_once, jobs, workers=2, interrupts=interrupts))
    assert sorted(str(e.value) for e in ended) == ["a", "b", "weak"]


def test_workers_use_one_thread_each() -> None:
    with Interrupts() as interrupts:
        ended = list(
            run_jobs(batch_workers.thread_limits, [1, 2], workers=2, interrupts=interrupts)
        )
    assert [e.value for e in ended] == [(os.environ.get("OMP_THREAD_LIMIT", "1"), 1)] * 2


def test_ctrl_c_ends_work_in_this_process(tmp_path: Path) -> None:
    jobs = [(str(tmp_path / "a"), 0.0), (str(tmp_path / "b"), 30.0), (str(tmp_path / "c"), 0.0)]
    ended = []
    before = signal.getsignal(signal.SIGINT)
    with Interrupts() as interrupts:
        for finished in run_jobs(batch_workers.slow, jobs, workers=1, interrupts=interrupts):
            ended.append(finished.index)
            signal.setitimer(signal.ITIMER_REAL, 0.2)
            signal.signal(signal.SIGALRM, lambda *_: os.kill(os.getpid(), signal.SIGINT))
    assert ended == [0]
    assert interrupts.count == 1
    assert signal.getsignal(signal.SIGINT) is before
    assert not (tmp_path / "c.begun").exists()


SCRIPT = """
import sys, batch_workers
from pipeline.executors import Interrupts, run_jobs
if __name__ == "__main__":
    folder, seconds, grace = sys.argv[1], float(sys.argv[2]), float(sys.argv[3])
    jobs = [(f"{folder}/{n:02}", seconds if n else 0.0) for n in range(20)]
    with Interrupts() as interrupts:
        for done in run_jobs(
            batch_workers.slow, jobs, workers=2, interrupts=interrupts, grace=grace
        ):
            print(done.value.rpartition("/")[2], flush=True)
    print("interrupted", interrupts.count, flush=True)
"""


def start(folder: Path, seconds: float, grace: float) -> subprocess.Popen[str]:
    script = folder / "script.py"
    script.write_text(SCRIPT)
    return subprocess.Popen(
        [sys.executable, script, folder, str(seconds), str(grace)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(HERE), str(HERE.parents[1])])},
        start_new_session=True,
    )


def until(condition: Callable[[], bool], seconds: float = 15.0) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.05)


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    # A process that ended but was not waited for yet counts as gone.
    return "Z" not in Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]


def begun(folder: Path, at_least: int) -> bool:
    return sum(1 for p in folder.glob("*.begun") if p.read_text()) >= at_least


def test_ctrl_c_lets_the_jobs_under_way_finish(tmp_path: Path) -> None:
    process = start(tmp_path, seconds=0.5, grace=30.0)
    until(lambda: begun(tmp_path, 3))
    os.killpg(process.pid, signal.SIGINT)  # the terminal sends it to the whole group
    output, errors = process.communicate(timeout=20)
    assert process.returncode == 0, errors
    *done, last = output.split("\n")[:-1]
    assert last == "interrupted 1"
    assert "Traceback" not in errors
    finished = sorted(p.stem for p in tmp_path.glob("*.done"))
    assert sorted(done) == finished == sorted(p.stem for p in tmp_path.glob("*.begun"))
    assert 3 <= len(finished) <= 8


def test_a_second_ctrl_c_ends_at_once(tmp_path: Path) -> None:
    process = start(tmp_path, seconds=60.0, grace=60.0)
    until(lambda: begun(tmp_path, 3))
    os.killpg(process.pid, signal.SIGINT)
    time.sleep(0.5)
    assert process.poll() is None
    os.killpg(process.pid, signal.SIGINT)
    output, errors = process.communicate(timeout=10)
    assert output.split("\n")[:-1] == ["00", "interrupted 2"], errors
    assert "Traceback" not in errors


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks at processes in /proc")
def test_workers_end_when_their_parent_is_killed(tmp_path: Path) -> None:
    process = start(tmp_path, seconds=60.0, grace=60.0)
    until(lambda: begun(tmp_path, 3))
    workers = {int(p.read_text()) for p in tmp_path.glob("*.begun")}
    assert workers
    process.kill()
    process.communicate(timeout=10)
    until(lambda: not any(alive(pid) for pid in workers))


def test_as_many_workers_as_there_is_work_for() -> None:
    assert worker_count(4, 2) == 2
    assert worker_count(3, 100) == 3
    assert worker_count(3, 0) == 1
    assert 1 <= worker_count(0, 10_000) <= (os.cpu_count() or 1)
