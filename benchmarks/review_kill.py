"""Kill -9 right after a save was acknowledged: is it there? Asked as often as is said.

    python benchmarks/review_kill.py [TIMES]

Each time the whole server is killed the moment its answer is there, and the log is read anew.
"""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import sys
import tempfile
from pathlib import Path

import uvicorn

from pipeline.config import Settings
from pipeline.model import Box, Document, Line, Page, Reading, Scan, Status
from pipeline.report import key_of
from pipeline.review.log import REVIEW_FILE, read_events
from pipeline.review.web.app import make_app
from pipeline.review.workspace import Workspace
from pipeline.store import RunInfo, save_document

NAME = "альфа"


def write(out: Path, lines: int) -> None:
    """A result with a line for every save."""
    made = tuple(
        Line(
            id=f"p1-l{n:03d}",
            reading=Reading.of("vote", f"строка {n}"),
            box=Box(left=10, top=10 + 20 * n, right=200, bottom=25 + 20 * n),
        )
        for n in range(lines)
    )
    page = Page(number=1, scan=Scan(path="x.png", width=300, height=20 * lines + 50), lines=made)
    run = RunInfo(
        fingerprint="base",
        source="x.png",
        source_key="k",
        input_sha256="i",
        status=Status.OK,
        seconds=1.0,
    )
    save_document(out / NAME, Document(id=NAME, pages=(page,)), run=run, texts={})


def serve(out: Path, listening: socket.socket) -> None:
    """The server, until it is killed."""
    port = listening.getsockname()[1]
    app = make_app(Workspace(out, Settings()), user="anna", port=port, token="t")  # noqa: S106
    config = uvicorn.Config(app, log_level="error", lifespan="off")
    uvicorn.Server(config).run(sockets=[listening])


def save(port: int, number: int) -> int:
    """One save over HTTP; the status of the answer."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", "/?token=t")
    answer = connection.getresponse()
    answer.read()
    headers = {
        "Origin": f"http://127.0.0.1:{port}",
        "Content-Type": "application/json",
        "Cookie": str(answer.getheader("Set-Cookie")).partition(";")[0],
    }
    body = {"action": "text", "base": "base", "line": f"p1-l{number:03d}", "text": f"б {number}"}
    path = f"/api/documents/{key_of(NAME)}"
    connection.request("POST", path, json.dumps(body).encode(), headers)
    return connection.getresponse().status


def kill_after_saves(out: Path, times: int) -> int:
    """How many of ``times`` acknowledged saves are in the log of ``out`` after as many kills."""
    write(out, times)
    for number in range(times):
        listening = socket.create_server(("127.0.0.1", 0))
        child = os.fork()
        if child == 0:
            try:
                serve(out, listening)
            finally:
                os._exit(1)
        port = listening.getsockname()[1]
        listening.close()
        status = save(port, number)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        if status != 200:
            raise SystemExit(f"save {number}: {status}")
    events = read_events(out / REVIEW_FILE, NAME)
    return sum(state.text == f"б {n}" for n, event in enumerate(events)  # type: ignore[union-attr]
               for state in event.after.values())  # fmt: skip


def main() -> None:
    times = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    with tempfile.TemporaryDirectory() as folder:
        kept = kill_after_saves(Path(folder), times)
    print(f"{times} acknowledged saves, killed after each: {times - kept} lost")


if __name__ == "__main__":
    main()
