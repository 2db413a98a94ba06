"""A small run with all that a report shows; names and texts would break a careless one."""

from __future__ import annotations

from pathlib import Path

from PIL import Image
from samples import sheet

from pipeline import store
from pipeline.model import (
    Box,
    Document,
    Edit,
    Field,
    Finding,
    Line,
    LineKind,
    Page,
    Problem,
    Reading,
    Reason,
    Scan,
    Status,
    Verdict,
    Word,
)

NASTY = """№ "1" 'б' <script>alert(1)</script> &amp; Ё"""
SCRIPT = "<script>alert(2)</script><img src=x onerror=alert(3)>"
BODY = ("Далее товарищ указал, что он", "сообщил корей-", "ским друзьям о договоре.")
TRUTH = (
    "Далее товарищ указап, что он\nсообщил корей-\nским друзьям о договоре.\nПотерянная строка\n"
)


def line(number: int, raw: str, **more: object) -> Line:
    """A line of the sample page; its place follows from its number."""
    top = 20 + 40 * number
    box = Box(left=12, top=top, right=12 + 7 * max(len(raw), 1), bottom=top + 20)
    words = tuple(
        Word(text=text, box=None, confidence=0.35 if "указал" in text else 0.95)
        for text in raw.split()
    )
    made = Line(
        id=f"p1-l{number:03d}",
        reading=Reading.of_words("tesseract", words, 0.9),
        box=box,
        reasons=(Reason(rule="test-rule", evidence=f"because of {SCRIPT}", weight=1.5),),
        text_probability=0.8,
    )
    return _changed(made, more)


def _changed(made: Line, more: dict[str, object]) -> Line:
    fields = {name: getattr(made, name) for name in Line.__slots__}
    return Line(**(fields | more))


def document(name: str, *, wrong: bool = False) -> Document:
    """A document with kept, unsure, dropped and foreign lines, an edit and a field."""
    join = Edit(rule="join-hyphen", start=len(BODY[1]) - 1, before="-", after="", evidence="<b>")
    first = BODY[0].replace("Далее", "Дапее") if wrong else BODY[0]
    lines = (
        line(0, SCRIPT, kind=LineKind.NOISE, verdict=Verdict.DROP),
        line(1, first, starts_paragraph=True),
        line(2, BODY[1], edits=(join,)),
        line(
            3,
            BODY[2],
            verdict=Verdict.UNSURE,
            reading=Reading.of("tesseract", BODY[2]),
            alternatives=(Reading.of("second", "ским друзям о договоре", confidence=0.5),),
        ),
        line(4, "Шифртелеграмма", kind=LineKind.FORM),
        line(5, "РОЩИН", kind=LineKind.SIGNATURE),
    )
    scan = Scan(path=f"{name}.png", width=240, height=320)
    found = (Finding(code="too_small", message=f"small {SCRIPT}", advice="scan it again"),)
    page = Page(number=1, scan=scan, lines=lines, findings=found if name == "бета" else ())
    field = Field(name="origin", value="ПЕКИН", raw=SCRIPT, box=lines[4].box)
    return Document(id=name, pages=(page,), fields=(field,))


def write_run(folder: Path, names: tuple[str, ...], *, wrong: bool = False) -> tuple[Path, Path]:
    """A run with a result for each name (``failed`` fails), and a folder of truths; both paths."""
    out, truth, scans = folder / "прогон 1", folder / "truth", folder / "scans"
    for path in (truth, scans):
        path.mkdir(parents=True, exist_ok=True)
    for number, name in enumerate(names):
        scan = scans / f"{name}.png"
        Image.fromarray(sheet(seed=number)).save(scan)
        run = store.RunInfo(
            fingerprint="f",
            source=str(scan),
            source_key="k",
            input_sha256="i",
            status=Status.OK,
            seconds=1.0,
            settings=(("ocr.language", '"rus"'),),
            versions=(("depesha", "0.1.0"),),
        )
        if name == "failed":
            problem = Problem(code="ENGINE_FAILED", message=f"crashed on {SCRIPT}")
            store.save_error(out / name, name, run=run, problems=(problem,))
        else:
            made = document(name, wrong=wrong and number == 0)
            store.save_document(out / name, made, run=run, texts={})
        (truth / f"{name}.gt.txt").write_text(TRUTH, encoding="utf-8")
    return out, truth
