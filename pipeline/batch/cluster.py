"""The same jobs on a Dask cluster, a page at a time, each in a child process of a worker.

Few tasks are with the scheduler at any time, however many wait here; none is pure, and none is
tried again by Dask, which blames whoever was at work when a worker died. The ledger stays with
the coordinator. Workers see the same folders under the same paths.
"""

from __future__ import annotations

import ipaddress
import os
import queue
import threading
import uuid
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from functools import partial
from importlib import import_module
from multiprocessing.connection import wait
from typing import Any
from urllib.parse import urlsplit

from pipeline.errors import ClusterError, DependencyMissingError, UsageError
from pipeline.executors import Finished, in_folder
from pipeline.executors.children import Child

LOCAL = "local"
"""The value of ``batch.cluster`` that starts a cluster on this machine."""

_AHEAD = 2
"""Tasks with the scheduler per worker: one at work, one at hand."""

_WORKER_DEATHS = 10
"""How often a task is given out again because its worker is gone, which is not its fault."""

_CONNECT = "30 s"


class Cluster:
    """Workers of a Dask cluster; use it in a ``with`` statement. As :class:`executors.Crew`.

    ``anywhere``: what they do needs no folder of ours.

    Raises:
        DependencyMissingError: Dask is not installed.
        UsageError: the address is not on this machine and not ``tls://``.
        ClusterError: no scheduler answers there.

    """

    def __init__(
        self,
        address: str,
        function: Callable[[Any], Any],
        jobs: int,
        *,
        memory: int,
        anywhere: bool = False,
    ) -> None:
        try:
            # An extra, and slow to load.
            distributed: Any = import_module("distributed")
            dask: Any = import_module("dask")
        except ImportError as error:
            raise DependencyMissingError(
                "--cluster", "needs Dask: pip install 'depesha[cluster]'"
            ) from error
        self._done: queue.Queue[Any] = queue.Queue()
        self._cluster: Any = None
        dask.config.set(
            {
                "distributed.scheduler.allowed-failures": 1000,
                "distributed.scheduler.http.routes": [],
            }
        )
        if address == LOCAL:
            self._cluster = distributed.LocalCluster(
                n_workers=jobs,
                threads_per_worker=1,
                host="127.0.0.1",
                dashboard_address="127.0.0.1:0",
                scheduler_kwargs={"dashboard": False},
                memory_limit=0,
                silence_logs=50,
            )
            address = self._cluster
        else:
            check_address(address)
        try:
            self._client: Any = distributed.Client(address, timeout=_CONNECT, set_as_default=False)
        except (OSError, TimeoutError, ValueError) as error:
            raise ClusterError(str(address), f"no Dask scheduler answers: {error}") from error
        # Paths are as they were named: the children stand where this process stands.
        here = partial(in_folder, os.getcwd(), function)  # noqa: PTH109
        self._function: Callable[[Any], Any] = function if anywhere else here
        self._run = uuid.uuid4().hex
        self._memory = memory
        self._jobs: dict[int, tuple[Any, float]] = {}
        self._futures: dict[Any, int] = {}
        self._deaths: dict[int, int] = {}
        self.broken = ""

    def __enter__(self) -> Cluster:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def free(self) -> int:
        """How many tasks may be submitted now."""
        try:
            slots = sum(int(x) for x in self._client.nthreads().values())
        except (OSError, TimeoutError, RuntimeError) as error:
            self.broken = f"the cluster does not answer: {error}"
            return 0
        return max(1, _AHEAD * slots) - len(self._futures)

    @property
    def busy(self) -> int:
        """How many tasks are with the cluster."""
        return len(self._futures)

    def submit(self, index: int, job: Any, *, seconds: float = 0.0) -> None:
        """Hand ``job`` out; ``seconds``: how long it may take, 0 for any time."""
        self._jobs[index] = (job, seconds)
        future = self._client.submit(
            on_worker,
            self._run,
            self._function,
            self._memory,
            job,
            seconds,
            pure=False,
            retries=0,
        )
        self._futures[future] = index
        future.add_done_callback(self._done.put)

    def wait(self, timeout: float) -> list[Finished[Any]]:
        """The tasks that ended, after ``timeout`` seconds at most."""
        done: list[Any] = []
        with suppress(queue.Empty):
            done.append(self._done.get(timeout=timeout))
            while True:
                done.append(self._done.get_nowait())
        if self._client.status != "running":
            self.broken = "the cluster's scheduler is gone"
            return []
        ended: list[Finished[Any]] = []
        for future in [x for x in done if x in self._futures]:
            index = self._futures.pop(future)
            found = self._result(future, index)
            if found is not None:
                ended.append(found)
        return ended

    def close(self) -> None:
        """Take back what is handed out, and let go of the cluster."""
        with suppress(Exception):
            self._client.cancel(list(self._futures), force=True)
        with suppress(Exception):
            self._client.close(timeout=2)
        if self._cluster is not None:
            with suppress(Exception):
                self._cluster.close(timeout=5)

    def _result(self, future: Any, index: int) -> Finished[Any] | None:
        try:
            found: Finished[Any] = future.result()
        except Exception as error:  # of Dask, not of the job: those are in what it gives
            deaths = self._deaths[index] = self._deaths.get(index, 0) + 1
            if deaths >= _WORKER_DEATHS:
                said = f"{type(error).__name__}: {error}"
                return Finished(index=index, lost=f"lost {deaths} cluster workers ({said})")
            job, seconds = self._jobs[index]
            self.submit(index, job, seconds=seconds)
            return None
        self._jobs.pop(index, None)
        return replace(found, index=index)


_child: Child | None = None
_child_of = ""
_busy = threading.Lock()


def on_worker(
    run: str, function: Callable[[Any], Any], memory: int, job: Any, seconds: float
) -> Finished[Any]:
    """Do ``job`` of the run ``run`` in this worker's child; what became of it is in the answer."""
    global _child, _child_of  # noqa: PLW0603 - one child a worker, kept from task to task
    with _busy:
        if _child is not None and _child_of != run:
            _child.close()
            _child = None
        if _child is None:
            _child, _child_of = Child(function, memory), run
        _child.give(0, job, seconds)
        while True:
            ready = wait([_child.connection], timeout=0.2)
            ended = _child.take() if ready else _child.look()
            if ended is None:
                continue
            if ended.lost:
                _child.kill()
                _child = None
            return ended


def check_address(address: str) -> None:
    """Refuse an address that others could listen to.

    Raises:
        UsageError: it is neither on this machine nor ``tls://``.

    """
    parts = urlsplit(address if "://" in address else f"tcp://{address}")
    host = parts.hostname or ""
    with suppress(ValueError):
        if ipaddress.ip_address(host).is_loopback:
            return
    if host != "localhost" and parts.scheme != "tls":
        raise UsageError(
            "--cluster",
            f"{address} is another machine: use tls:// (Dask's distributed.comm.tls)",
        )
