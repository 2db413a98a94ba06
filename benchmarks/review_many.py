"""The editor's page over 10,000 documents: how long the list, a save and a search take, and memory.

    python benchmarks/review_many.py [COUNT] [FOLDER]

Prints the 50th and 95th percentile of each in milliseconds, asked over HTTP, one after the other:
by the clock, and of the processor (server and client together), whose time other programs do not
lengthen.
"""

from __future__ import annotations

import http.client
import json
import lzma
import random
import resource
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

import uvicorn

from pipeline.config import Settings
from pipeline.model import Box, Document, Field, Line, Page, Reading, Scan, Status, Word
from pipeline.report import key_of
from pipeline.review.web.app import make_app
from pipeline.review.workspace import Workspace
from pipeline.store import DOCUMENT_FILE, RunInfo, StoredDocument, document_json

WORDS = (
    "товарищ", "сообщил", "договор", "делегация", "правительство", "посол", "вопрос", "Москва",
    "Пекин", "поставка", "телеграмма", "просьба", "министр", "завод", "станок", "тонна", "уголь",
    "рубль", "состав", "дорога", "встреча", "ответ",
)  # fmt: skip
LINES, ASKED, VARIANTS = 30, 200, 100


def document(number: int) -> Document:
    """A page of 30 lines, a few words of it doubtful."""
    rng = random.Random(number)  # noqa: S311
    lines = []
    for index in range(LINES):
        words = []
        for place in range(9):
            text = rng.choice(WORDS) if rng.random() < 0.95 else str(rng.randint(10, 1999))
            left = 100 + 120 * place
            words.append(
                Word(
                    text=text,
                    gap=" " if place else "",
                    box=Box(
                        left=left, top=50 + 40 * index, right=left + 100, bottom=80 + 40 * index
                    ),
                    confidence=0.5 if rng.random() < 0.04 else 0.985,
                    other="иное" if rng.random() < 0.04 else None,
                )
            )
        reading = Reading(reader="vote", words=tuple(words), confidence=0.9)
        box = Box(left=100, top=50 + 40 * index, right=1200, bottom=80 + 40 * index)
        lines.append(Line(id=f"p1-l{index:03d}", reading=reading, box=box, text_probability=0.9))
    page = Page(number=1, scan=Scan(path="x.png", width=1300, height=1700), lines=tuple(lines))
    date = f"19{rng.randint(45, 60)}-{rng.randint(1, 12):02d}-{rng.randint(1, 28):02d}"
    fields = (
        Field(name="origin", value=rng.choice(["ПЕКИН", "МОСКВА", "СЕУЛ"]), raw=""),
        Field(name="date", value=date, raw=""),
    )
    return Document(
        id=name_of(number),
        pages=(page,),
        fields=fields,
        expected_error=rng.random() / 20,
    )


def write(out: Path, count: int) -> None:
    """``count`` results: a few pages again and again, each under its own name."""
    texts = []
    for number in range(VARIANTS):
        run = RunInfo(
            fingerprint=f"f{number}",
            source="x.png",
            source_key="k",
            input_sha256="i",
            status=Status.OK,
            seconds=1.0,
        )
        texts.append(document_json(StoredDocument(run=run, document=document(number))))
    for number in range(count):
        own = name_of(number)
        text = texts[number % VARIANTS].replace(name_of(number % VARIANTS), own)
        folder = out / own
        folder.mkdir(parents=True)
        # Weakly compressed, for it is written ten thousand times.
        data = lzma.compress(text.encode(), check=lzma.CHECK_CRC64, preset=0)
        (folder / DOCUMENT_FILE).write_bytes(data)


def name_of(number: int) -> str:
    """The id of a document."""
    return f"фонд-{number // 1000}/дело-{number:05d}"


def timed(name: str, ask: Callable[[int], None]) -> None:
    """Print how long ``ask`` takes."""
    wall, cpu = [], []
    for number in range(ASKED):
        started, used = time.perf_counter(), time.process_time()
        ask(number)
        wall.append(1000 * (time.perf_counter() - started))
        cpu.append(1000 * (time.process_time() - used))
    told = "   ".join(
        f"{what} p50 {statistics.median(times):6.1f} ms, "
        f"p95 {statistics.quantiles(times, n=20)[18]:6.1f} ms"
        for what, times in (("clock", wall), ("CPU", cpu))
    )
    print(f"{name:8} {told}", flush=True)


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    place = sys.argv[2] if len(sys.argv) > 2 else None
    with tempfile.TemporaryDirectory(dir=place) as folder:
        measure(Path(folder), count)


def measure(out: Path, count: int) -> None:
    started = time.perf_counter()
    write(out, count)
    print(
        f"{count} documents of {LINES} lines written in {time.perf_counter() - started:.0f} s",
        flush=True,
    )
    started = time.perf_counter()
    workspace = Workspace(out, Settings())
    for _ in workspace.refresh():
        pass
    print(f"listed in {time.perf_counter() - started:.0f} s", flush=True)
    app = make_app(workspace, user="anna", port=8999, token="t")  # noqa: S106
    config = uvicorn.Config(app, port=8999, log_level="warning", lifespan="off")
    server = uvicorn.Server(config)
    threading.Thread(target=server.run, daemon=True).start()
    while not server.started:
        time.sleep(0.05)
    client = Client()
    queries = ("", "&doubt=figures", "&status=open&sort=date", "&sender=пекин", "&over=0.02",
               "&text=станка", "&since=1950-01-01&until=1955-01-01", "&start=9000")  # fmt: skip
    timed("list", lambda n: client.get(f"/api/documents?count=50{queries[n % len(queries)]}"))
    searched = ("станков", "встречи послов", "договоре", "министра и уголь", "рублей")
    timed("search", lambda n: client.get(f"/api/search?q={searched[n % len(searched)]}"))
    timed("open", lambda n: client.get(f"/api/documents/{key_of(name_of(n))}"))
    timed("save", client.save)
    print(f"memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB at most")
    server.should_exit = True
    workspace.close()


class Client:
    """One editor's browser, more or less."""

    def __init__(self) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", 8999)
        self.headers = {"Origin": "http://127.0.0.1:8999", "Content-Type": "application/json"}
        self.connection.request("GET", "/?token=t")
        answer = self.connection.getresponse()
        answer.read()
        self.headers["Cookie"] = str(answer.getheader("Set-Cookie")).partition(";")[0]

    def get(self, path: str) -> None:
        """Ask, and read the answer."""
        quoted = "".join(
            c if c.isascii() else "".join(f"%{b:02x}" for b in c.encode()) for c in path
        )
        self.connection.request("GET", quoted.replace(" ", "%20"), headers=self.headers)
        self._read()

    def save(self, number: int) -> None:
        """Change a line of one of the documents."""
        body = {
            "action": "text",
            "base": f"f{number % 50}",
            "line": f"p1-l{number // 50:03d}",
            "text": f"исправлено {number}",
        }
        path = f"/api/documents/{key_of(name_of(number % 50))}"
        self.connection.request("POST", path, json.dumps(body).encode(), self.headers)
        self._read()

    def _read(self) -> None:
        answer = self.connection.getresponse()
        data = answer.read()
        if answer.status != 200:
            raise SystemExit(f"{answer.status}: {data[:300]!r}")


if __name__ == "__main__":
    main()
