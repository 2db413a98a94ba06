"""Bad input through the real command: a line that names file and cause, a code, no traceback."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from samples import BAD_INPUTS, BadInput, write_bad_inputs

from pipeline.errors import ExitCode

GOOD = "Правительство согласно с предложением о созыве конференции в мае."


def depesha(*arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "pipeline", *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, **environment},
        timeout=120,
    )


def bad_inputs(folder: Path) -> dict[Path, BadInput]:
    folder.mkdir()
    return write_bad_inputs(folder)


def good(folder: Path, name: str = "good.txt") -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(GOOD + "\n", encoding="utf-8")
    return path


def test_every_bad_input_at_once_leaves_the_good_one_done(tmp_path: Path) -> None:
    bad = bad_inputs(tmp_path / "bad")
    done = depesha("run", *bad, good(tmp_path), "--out", tmp_path / "out", "--jobs", 2)
    assert done.returncode == ExitCode.SOME_FAILED, done.stderr
    assert "Traceback" not in done.stderr + done.stdout
    summary = json.loads((tmp_path / "out" / "summary.json").read_text(encoding="utf-8"))
    rows = {Path(row["source"]).name: row for row in summary["rows"]}
    assert rows["good.txt"]["status"] == "ok"
    assert (tmp_path / "out" / "good" / "transcript.txt").read_text("utf-8") == GOOD + "\n"
    for path, wanted in bad.items():
        row = rows[path.name]
        assert row["status"] == "failed", path.name
        assert row["problems"][0]["code"] == wanted.exit_code.name, path.name
        for word in wanted.words:
            assert word in row["problems"][0]["message"], path.name


@pytest.mark.parametrize("name", sorted(BAD_INPUTS))
def test_a_bad_input_alone_has_its_own_exit_code(name: str, tmp_path: Path) -> None:
    bad = bad_inputs(tmp_path / "bad")
    path = next(p for p in bad if p.name == name)
    done = depesha("run", path, "--out", tmp_path / "out", "--jobs", 1)
    assert done.returncode == bad[path].exit_code, done.stderr
    assert name in done.stderr + done.stdout
    assert "Traceback" not in done.stderr


def test_an_output_that_cannot_be_written(tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.write_text("a file, not a folder")
    done = depesha("run", good(tmp_path), "--out", out)
    assert done.returncode == ExitCode.OUTPUT
    assert str(out) in done.stderr
    assert "Traceback" not in done.stderr


def test_two_inputs_with_one_stem_are_kept_apart(tmp_path: Path) -> None:
    one, two = good(tmp_path, "a/page.txt"), good(tmp_path, "b/page.txt")
    two.write_text("Другой текст этой телеграммы.\n", encoding="utf-8")
    done = depesha("run", one, two, "--out", tmp_path / "out")
    assert done.returncode == ExitCode.OK, done.stderr
    texts = {p.read_text("utf-8") for p in (tmp_path / "out").glob("*/transcript.txt")}
    assert texts == {GOOD + "\n", "Другой текст этой телеграммы.\n"}


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        ("ocr.engin=auto", "did you mean `ocr.engine`"),
        ("ocr.engine=abbyy", "ocr.engine"),
        ("noise.keep_at=2", "noise.keep_at"),
        ("jobs", "section.key=value"),
    ],
)
def test_mistyped_settings_are_refused(setting: str, words: str, tmp_path: Path) -> None:
    done = depesha("run", good(tmp_path), "--out", tmp_path / "out", "--set", setting)
    assert done.returncode == ExitCode.CONFIG
    assert words in done.stderr


def test_an_unknown_key_in_a_settings_file_is_named(tmp_path: Path) -> None:
    config = tmp_path / "my.toml"
    config.write_text("[noise]\nkeepat = 0.5\n")
    done = depesha("run", good(tmp_path), "--config", config)
    assert done.returncode == ExitCode.CONFIG
    assert "my.toml: unknown key `noise.keepat`" in done.stderr


def test_missing_language_data(tmp_path: Path) -> None:
    done = depesha(
        "run", good(tmp_path), "--out", tmp_path / "out", "--set", "ocr.language=rus+kaz"
    )
    assert done.returncode == ExitCode.LANGUAGE_MISSING
    assert "apt-get install" in done.stderr


def test_missing_tesseract(tmp_path: Path, root: Path) -> None:
    scan = root / "scans" / "roshchin-facsimile-light.jpg"
    arguments = ("run", scan, "--out", tmp_path, "--set", "ocr.engine=pytesseract")
    done = depesha(*arguments, PATH="/nonexistent")
    assert done.returncode == ExitCode.DEPENDENCY_MISSING
    assert "apt-get install tesseract-ocr" in done.stderr


@pytest.mark.ocr
def test_tesseract_crashing_on_one_page_costs_that_page(tmp_path: Path) -> None:
    from drawing import page, save  # noqa: PLC0415
    from PIL import Image  # noqa: PLC0415

    sheets = [
        Image.open(save(page([(text, 100, 120)], (900, 300)), tmp_path / f"{number}.png"))
        for number, text in enumerate(("Первая страница", "Вторая страница"))
    ]
    scan = tmp_path / "two.tif"
    sheets[0].save(scan, save_all=True, append_images=sheets[1:])
    broken = tmp_path / "bin" / "tesseract"
    broken.parent.mkdir()
    # The real program the first time, a crash ever after.
    broken.write_text(
        "#!/bin/sh\n"
        'case "$1" in --version|--list-langs) exec /usr/bin/tesseract "$@";; esac\n'
        f"if [ -e {tmp_path}/seen ]; then kill -SEGV $$; fi\ntouch {tmp_path}/seen\n"
        'exec /usr/bin/tesseract "$@"\n'
    )
    broken.chmod(0o755)
    out = tmp_path / "out"
    engine = ("--set", "ocr.engine=pytesseract", "--set", "ocr.second_reader=all")
    arguments = ("run", scan, "--out", out, *engine, "--jobs", 1)
    done = depesha(*arguments, PATH=f"{broken.parent}:{os.environ['PATH']}")
    assert done.returncode == ExitCode.SOME_FAILED, done.stderr
    assert "page 2" in done.stderr
    assert "Traceback" not in done.stderr
    assert (out / "two" / "transcript.txt").read_text("utf-8").endswith("ервая страница\n")


def test_a_page_without_text_is_a_result(tmp_path: Path) -> None:
    from PIL import Image  # noqa: PLC0415

    Image.new("L", (800, 1000), 240).save(tmp_path / "blank.png")
    done = depesha("run", tmp_path / "blank.png", "--out", tmp_path / "out")
    assert done.returncode == ExitCode.OK, done.stderr
    assert (tmp_path / "out" / "blank" / "transcript.txt").read_text("utf-8") == ""


def test_a_terminal_without_cyrillic_gets_marks_in_its_place(tmp_path: Path) -> None:
    source = good(tmp_path, "Письмо.txt")
    done = depesha("run", source, "--out", tmp_path / "out", PYTHONIOENCODING="ascii")
    assert (done.returncode, "Traceback" in done.stderr) == (ExitCode.OK, False), done.stderr
    assert "??????" in done.stdout
    assert (tmp_path / "out" / "report" / "index.html").is_file()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
def test_a_full_disk_under_standard_output_has_its_own_code(tmp_path: Path) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "pipeline", "clean", good(tmp_path)],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert done.returncode == ExitCode.OUTPUT
    assert done.stderr.startswith("depesha: standard output: cannot be written")


def test_debug_may_stand_before_the_command(tmp_path: Path) -> None:
    done = depesha("--debug", "clean", tmp_path / "none.txt")
    assert done.returncode == ExitCode.INPUT_MISSING
    assert "Traceback" in done.stderr


def test_an_unknown_kind_names_those_there_are(tmp_path: Path) -> None:
    done = depesha("clean", good(tmp_path), "--kinds", "body,foo")
    assert done.returncode == ExitCode.CONFIG
    assert "`output.kinds[1]`: there is no 'foo'; one of body, heading," in done.stderr


def test_fields_says_when_there_are_none(tmp_path: Path) -> None:
    done = depesha("fields", good(tmp_path))
    assert (done.returncode, done.stdout) == (ExitCode.OK, "")
    assert "no field of a form was found" in done.stderr


def test_a_comma_inside_a_pattern_parts_nothing(tmp_path: Path) -> None:
    source = good(tmp_path)
    pattern = "noise.force_drop=Прав.{1,40},нет такого"
    done = depesha("clean", source, "--set", pattern)
    assert (done.returncode, done.stdout.strip()) == (ExitCode.OK, "")
