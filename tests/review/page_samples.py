"""A page with twenty planted errors, its scan and its truth; and the command that serves it."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from PIL import Image
from review_samples import facing, line, run_info, sample
from samples import sheet

from pipeline.model import Document, Field, LineKind, Page, Reading, Scan, Verdict, Word
from pipeline.store import save_document

WIDTH, HEIGHT = 1000, 1400
BAD = (
    "<script>alert(1)</script><img src=x onerror=alert(2)> \u202eобратно \"'&о" + "\u0301" * 10_000
)
"""What would break a careless page."""

# The lines as they were read; of each wrong word what is true, and what the other reader made of it
# (None: the same).
PLANTED: tuple[tuple[str, dict[str, tuple[str, str | None]]], ...] = (
    ("Далее тов. Ким уназал на то, что", {"уназал": ("указал", "указал")}),
    (
        "переговоры нацалисъ в марте 1050 года",
        {"нацалисъ": ("начались", "начались"), "1050": ("1950", "1950")},
    ),
    (
        "и продолжапись до 18 июня в Пхеньяне",
        {"продолжапись": ("продолжались", "продолжались"), "18": ("13", "13")},
    ),
    ("Делегация прибыпа из Пекина в составе", {"прибыпа": ("прибыла", "прибыла")}),
    ("семи чеповек во главе с Чжоу Энь-лаем", {"чеповек": ("человек", "человек")}),
    (
        "по вопросу о поставкэ 240 станков и",
        {"поставкэ": ("поставке", "поставке"), "240": ("2400", "2400")},
    ),
    ("двенадцати паровозоз для дороги на", {"паровозоз": ("паровозов", "паровозов")}),
    ("Сеул, которая быпа разрушена зимой", {"быпа": ("была", "была")}),
    ("Срок постазки определен в два месяца", {"постазки": ("поставки", "поставки")}),
    ("Ответ просим датъ до 3 июля с.г.", {"датъ": ("дать", "дать"), "3": ("8", "8")}),
    ("Кроме того, Ли Сын-ман отказапся от", {"отказапся": ("отказался", "отказался")}),
    ("встречи с представитепями ООН", {"представитепями": ("представителями",) * 2}),
    (
        "Сообщаем таюке, что вагонов было 77",
        {"таюке,": ("также,", "таюже,"), "77": ("71", "17")},
    ),
    ("и что угля отгружено 5 тонн за май", {"5": ("6", None)}),
    ("Просим указаний на этот спучай", {"спучай": ("случай", "спучаи")}),
)
ERRORS = {bad: found for _, wrong in PLANTED for bad, found in wrong.items()}
LOST = "Об этом сообщено товарищу послу лично"


def planted() -> tuple[Document, str]:
    """The document as it was read, and its true body."""
    lines, truth = [], []
    for number, (text, wrong) in enumerate(PLANTED):
        made = line(number, text)
        words = tuple(
            replace(word, confidence=0.3, other=wrong[word.text][1]) if word.text in wrong else word
            for word in made.reading.words
        )
        lines.append(replace(made, reading=replace(made.reading, words=words)))
        true = (wrong[word][0] if word in wrong else word for word in text.split())
        truth.append(" ".join(true))
    lines.append(line(len(lines), LOST, kind=LineKind.NOISE, verdict=Verdict.DROP))
    page = Page(
        number=1,
        scan=Scan(path="альфа.png", width=WIDTH, height=HEIGHT),
        lines=tuple(lines),
    )
    field = Field(name="origin", value="ПЕКИН", raw="ПЕКИН", box=lines[0].box, confidence=0.6)
    document = Document(id="альфа", pages=(page,), fields=(field,), expected_error=0.04)
    return document, "".join(one + "\n" for one in (*truth, LOST))


def nasty() -> Document:
    """A document whose name, text, reasons and fields are mark-up."""
    document = sample("<b>плохой</b>")
    page = document.pages[0]
    words = tuple(
        Word(text=part, gap=" " if n else "", confidence=0.3, other=BAD[:60])
        for n, part in enumerate(BAD.split())
    )
    bad = replace(line(9, "x"), reading=Reading(reader="vote", words=words))
    field = Field(name="origin", value=BAD[:80], raw=BAD[:80], box=page.lines[0].box)
    return replace(document, pages=(replace(page, lines=(*page.lines, bad)),), fields=(field,))


def write_results(folder: Path) -> Path:
    """Results of four documents with their scans, and a truth for the first; the results."""
    out, truths, scans = folder / "out", folder / "truth", folder / "scans"
    for path in (truths, scans):
        path.mkdir(parents=True)
    document, truth = planted()
    (truths / "альфа.gt.txt").write_text(truth, encoding="utf-8")
    for number, made in enumerate((document, sample("бета"), nasty(), facing())):
        scan = scans / f"{number}.png"
        width = made.pages[0].scan.width or WIDTH
        Image.fromarray(sheet(width, HEIGHT, seed=number)).save(scan)
        run = replace(run_info(made.id), source=str(scan))
        save_document(out / made.id, made, run=run, texts={})
    return out


@dataclass
class Served:
    """The command at work: its address with and without the token, and the folder of results."""

    opening: str
    out: Path

    @property
    def address(self) -> str:
        return self.opening.partition("?")[0].rstrip("/")


@contextmanager
def serve(out: Path, *options: str) -> Iterator[Served]:
    """``depesha review``, when it has said where it is; ended afterwards."""
    command = [sys.executable, "-m", "pipeline", "review", str(out), "--user", "anna", *options]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    said = process.stderr.readline()
    found = re.search(r"http\S+", said)
    assert found is not None, said + process.stderr.read()
    try:
        yield Served(opening=found[0], out=out)
    finally:
        process.terminate()
        process.wait(20)
        process.stderr.close()
