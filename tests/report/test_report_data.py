"""What pages are told: right differences, nothing that could run, everything small."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import Template
from report_samples import NASTY, SCRIPT, TRUTH, document, write_run

from pipeline.cli import main
from pipeline.config import Settings
from pipeline.errors import ExitCode
from pipeline.evaluate.score import score_document
from pipeline.ground_truth import Truth
from pipeline.report import charts
from pipeline.report.document_data import document_data
from pipeline.report.entry import key_of
from pipeline.report.line_diffs import line_diffs
from pipeline.report.pages import IndexContent, index_page
from pipeline.report.rendering import all_words, environment, to_script
from pipeline.text import Level, normalise

PIPELINE = Path(__file__).parents[2] / "pipeline"
words = st.lists(st.sampled_from(["далее", "он", "указал", "мир,", "и"]), max_size=6).map(" ".join)
texts = st.lists(words | st.text("абв -", max_size=20), max_size=6)


@cache
def template(source: str, language: str) -> Template:
    """A template that has the parts and the charts of the pages."""
    imports = (
        '{% from "parts.html" import percent, count, sentence %}{% import "charts.svg" as charts %}'
    )
    return environment(language).from_string(imports + source)


def made_of(source: str, language: str = "en", **values: object) -> str:
    return template(source, language).render(values)


def clean(text: str) -> str:
    return normalise(text, Level.STRICT)


@given(texts, st.lists(words, max_size=6))
def test_differences_replay_to_both_texts(read: list[str], true: list[str]) -> None:
    lines = [clean(x) for x in read if clean(x)]
    found = line_diffs(lines, "\n".join(true))
    missing = dict.fromkeys(range(len(lines) + 1), "")
    for before, text in found.missing:
        missing[before] += f" {text} "
    whole = ""
    for index, (text, pieces) in enumerate(zip(lines, found.lines, strict=True)):
        whole += missing[index]
        at = 0
        for piece in pieces:
            if isinstance(piece, int):
                whole += text[at : at + piece]
                at += piece
            else:
                whole += piece[0]
                assert text[at : at + len(piece[1])] == piece[1]
                at += len(piece[1])
        assert at == len(text)
        whole += " "
    whole += missing[len(lines)]
    # Spaces between lines belong to no line.
    assert whole.replace(" ", "") == clean("\n".join(true)).replace(" ", "")


def test_a_lost_line_is_shown_where_it_stood() -> None:
    found = line_diffs(
        ["первая строка", "третья строка"], "первая строка\nвторая, её нет\nтретья строка"
    )
    assert found.missing == ((1, "вторая, её нет"),)
    assert found.lines == ((13,), (13,))
    assert line_diffs([], "всё потеряно").missing == ((0, "всё потеряно"),)
    assert line_diffs(["что-то"], "").lines == ((("", "что-то", False),),)


def test_what_reading_folds_is_marked_so() -> None:
    (pieces,) = line_diffs(['её "мир"'], "ее «мир»").lines
    assert [piece[2] for piece in pieces if not isinstance(piece, int)] == [True, True, True]


@given(st.text())
def test_nothing_gets_out_of_a_data_file(text: str) -> None:
    script = to_script("show", {"text": text})
    assert not re.search("[<>&\u2028\u2029]", script)
    inner = script.removeprefix("depesha.show(").removesuffix(");\n")
    assert json.loads(inner) == {"text": text}


@pytest.mark.parametrize(
    ("source", "elements"),
    [
        ('<p title="{{ text }}">{{ text }}</p>', 1),
        ('{{ sentence("looking_finds", a=text, b="") }}', 2),
    ],
)
@given(text=st.text())
def test_nothing_gets_out_of_markup(source: str, elements: int, text: str) -> None:
    made = made_of(source, text=text)
    assert made.count("<") == 2 * elements
    assert made.count(">") == 2 * elements
    assert made.count('"') == made_of(source, text="").count('"')


def test_half_a_character_spoils_no_page() -> None:
    content = IndexContent(title="\ud800", entries=(), summary=None, level=Level.READING)
    page = index_page(content, "en")
    assert "<h1>\ufffd</h1>" in page
    assert page.encode("utf-8")


def test_every_word_is_in_both_languages_and_used() -> None:
    code = "".join(
        path.read_text(encoding="utf-8")
        for path in (PIPELINE / "report").rglob("*")
        if path.suffix in (".py", ".js", ".html", ".svg")
    )
    for key, (english, russian) in all_words().items():
        assert english
        assert russian
        composed = re.sub(r"^(kind|lines|figure|scope|filed)_|_verdict$", "", key)
        assert re.search(rf"[\"']{re.escape(key)}[\"']", code) or composed != key, key
    for key in re.findall(r"\b(?:t|word)\(\"(\w+)\"\)", code):
        assert key in all_words()


def test_numbers_in_both_languages() -> None:
    assert ">6.67%<" in made_of("{{ percent(0.0667) }}")
    assert ">6,67\u00a0%<" in made_of("{{ percent(0.0667) }}", "ru")
    assert made_of("{{ percent(none) }}") == "–"
    assert ">1,234<" in made_of("{{ count(1234) }}")


def test_the_distribution_counts_every_document() -> None:
    rates = [0.0, 0.004, 0.004, 0.03, 0.9, 7.0]
    chart = made_of("{{ charts.histogram(bars) }}", bars=charts.histogram(rates))
    numbers = [int(x) for x in re.findall(r'data-n="(\d+)"', chart)]
    assert sum(numbers) == len(rates)
    assert len(re.findall('class="tick"', chart)) == len(charts.BINS) + 1


def test_the_heat_map_escapes_what_was_read() -> None:
    score = score_document(document("a"), truth(), Settings().evaluate)
    heat_map = charts.heat_map(score.clean.details.strict.confusions)
    chart = made_of("{{ charts.heat_map(heat_map) }}", heat_map=heat_map)
    assert "∅" in chart
    assert "<script" not in chart


def truth() -> Truth:
    return Truth(stem="a", path=Path("a.gt.txt"), text=TRUTH)


def test_a_documents_data_is_small_and_whole() -> None:
    made = document(NASTY)
    score = score_document(made, truth(), Settings().evaluate)
    data = document_data(
        made,
        truth(),
        score,
        pictures=[None],
        problems=(),
        source="a.png",
        shown=Settings().output.kinds,
    )
    assert [line["r"] for line in data["lines"]] == [line.raw for line in made.lines]
    assert data["missing"] == [[6, "Потерянная строка"]]
    assert data["lines"][1]["d"] == [19, ("п", "л", False), 8]
    assert "d" not in data["lines"][0]  # dropped lines are not compared
    assert data["lines"][3]["o"] == [["second", "ским друзям о договоре", 50]]
    assert data["fields"][0]["value"] == "ПЕКИН"
    rate = score.clean.scores.cer.strict.rate
    assert data["figures"]["levels"]["strict"]["cer"] == pytest.approx(rate, abs=1e-5)


@pytest.fixture
def made(tmp_path: Path) -> Path:
    out, truths = write_run(tmp_path, (NASTY.replace("/", "∕"), "b", "failed"))
    assert main(["evaluate", str(out), str(truths)]) == ExitCode.SOME_FAILED
    return out / "report" / "evaluation"


def test_a_report_holds_nothing_that_runs_and_names_no_place_outside(made: Path) -> None:
    index = (made / "index.html").read_text(encoding="utf-8")
    assert "&lt;script&gt;alert(1)" in index
    for path in made.rglob("*"):
        if path.suffix in (".html", ".js", ".css"):
            text = path.read_text(encoding="utf-8")
            assert "<script>alert" not in text
            assert "<img src=x" not in text
            for address in re.findall(r"https?://[^\s\"')]+", text):
                assert address == "http://www.w3.org/2000/svg"
    assert SCRIPT not in index


def test_every_page_forbids_itself_all_but_its_own_files(made: Path) -> None:
    for path in (made / "index.html", made / "document.html"):
        head, _, rest = path.read_text(encoding="utf-8").partition("</head>")
        (policy,) = re.findall(r'http-equiv="Content-Security-Policy" content="([^"]*)"', head)
        assert "default-src 'none'; script-src 'self' file:;" in policy
        assert not re.search(r"<script(?! src=)|<[^>]* on\w+=|javascript:", rest)


def test_commands_without_a_report_load_no_templates(tmp_path: Path) -> None:
    text = tmp_path / "a.txt"
    text.write_text("Далее товарищ указал.", encoding="utf-8")
    code = (
        "import sys; from pipeline.cli import main; main(sys.argv[1:]);"
        "assert not {'jinja2', 'pipeline.report'} & sys.modules.keys()"
    )
    subprocess.run([sys.executable, "-c", code, "clean", str(text)], check=True)


def test_a_report_without_a_truth_still_shows_the_documents(tmp_path: Path) -> None:
    seed = Path(__file__).parents[2] / "scans" / "roshchin-1950-05-14.txt"
    assert main(["run", str(seed), "--out", str(tmp_path / "out"), "--jobs", "1"]) == ExitCode.OK
    index = (tmp_path / "out" / "report" / "index.html").read_text(encoding="utf-8")
    assert "No document was compared with ground truth" in index
    assert (tmp_path / "out" / "report" / "documents" / f"{key_of(seed.stem)}.js").is_file()


def test_a_report_is_left_in_the_folder_of_a_run(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out, truths = write_run(tmp_path, ("альфа", "бета"))
    (truths / "гамма.gt.txt").write_text("текст", encoding="utf-8")
    for options in (["--no-report"], ["--set", "report.write=false"]):
        assert main(["evaluate", str(out), str(truths), *options]) == ExitCode.OK
        assert not (out / "report").exists()
    assert main(["evaluate", str(out), str(truths)]) == ExitCode.OK
    index = out / "report" / "evaluation" / "index.html"
    assert index.is_file()
    assert str(index) in capsys.readouterr().err
    # It is not taken for a result.
    assert main(["evaluate", str(out), str(truths)]) == ExitCode.OK
    assert "1 truth" not in capsys.readouterr().err
    assert "гамма.gt.txt" in index.read_text(encoding="utf-8")


def test_pages_of_documents_that_are_gone_go_too(tmp_path: Path) -> None:
    out, truths = write_run(tmp_path, ("a", "b"))
    assert main(["evaluate", str(out), str(truths)]) == ExitCode.OK
    folder = out / "report" / "evaluation"
    pages, pictures = folder / "documents", folder / "pictures"
    assert len(list(pages.iterdir())) == len(list(pictures.iterdir())) == 2
    (out / "b" / "document.json.xz").unlink()
    main(["evaluate", str(out), str(truths)])
    assert [path.name for path in pages.iterdir()] == [f"{key_of('a')}.js"]
    assert len(list(pictures.iterdir())) == 1


def test_the_language_and_the_pictures_are_settings(tmp_path: Path) -> None:
    out, truths = write_run(tmp_path, ("a",))
    options = ["--set", "report.language=ru", "--set", "report.picture_width=0"]
    assert main(["evaluate", str(out), str(truths), *options]) == ExitCode.OK
    folder = out / "report" / "evaluation"
    index = (folder / "index.html").read_text(encoding="utf-8")
    assert '<html lang="ru">' in index
    assert "Доля ошибок" in index
    assert not (folder / "pictures").exists()


def test_a_scan_that_is_gone_leaves_the_report_without_its_picture(tmp_path: Path) -> None:
    out, truths = write_run(tmp_path, ("a",))
    (tmp_path / "scans" / "a.png").write_bytes(b"not a picture")
    assert main(["evaluate", str(out), str(truths)]) == ExitCode.OK
    pages = out / "report" / "evaluation" / "documents"
    data = (pages / f"{key_of('a')}.js").read_text(encoding="utf-8")
    assert '"src"' not in data
