"""The main job through the real command, on what the repository ships."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import pytest

from pipeline.cli import main
from pipeline.errors import ExitCode
from pipeline.evaluate import cer
from pipeline.model import apply_edits
from pipeline.store import load_document
from pipeline.text import Level

SEED = "roshchin-1950-05-14"


def said(capsysbinary: pytest.CaptureFixture[bytes]) -> str:
    return capsysbinary.readouterr().out.decode("utf-8")


def test_the_seed_gives_addressee_body_signature_and_nothing_else(
    root: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    assert main(["clean", str(root / "scans" / f"{SEED}.txt")]) == ExitCode.OK
    rows = said(capsysbinary).splitlines()
    assert len(rows) == 4
    assert rows[0] == "Для товарища ФИЛИППОВА."
    assert rows[1].startswith("14 мая в 16 часов 40 минут посетил")
    assert rows[2].startswith("Далее товарищ Мао Цзе-дун")
    assert rows[2].endswith("с товарищем Филипповым.")
    assert "(после ее объединения)" in rows[2]
    assert rows[3] == "РОЩИН"


def test_the_seeds_body_is_within_half_a_percent(
    root: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    main(["clean", str(root / "scans" / f"{SEED}.txt"), "--kinds", "body"])
    truth = (root / "ground_truth" / f"{SEED}.gt.txt").read_text(encoding="utf-8")
    rate = cer(truth, said(capsysbinary), Level.READING).rate
    assert rate is not None
    assert rate <= 0.005


def test_diplomatic_keeps_the_typists_habits(
    root: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    main(["clean", str(root / "scans" / f"{SEED}.txt"), "--layer", "diplomatic"])
    assert 'об"единения' in said(capsysbinary)


def test_fields_prints_the_form_and_json(
    root: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    path = str(root / "scans" / f"{SEED}.txt")
    assert main(["fields", path]) == ExitCode.OK
    assert said(capsysbinary).startswith("origin            ПЕКИН")
    assert main(["fields", path, "--json"]) == ExitCode.OK
    form = json.loads(said(capsysbinary))
    assert form["date"]["value"] == "1950-05-14"
    assert [entry["number"] for entry in form["copy_list"]] == [7, 6, 5, 4, 3, 2]
    assert form["copy_list"][0]["name"] == "Вышинскому"
    assert "time" not in form  # not legible, so not there


def test_explain_gives_reasons_for_each_line(
    root: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    main(["clean", str(root / "scans" / f"{SEED}.txt"), "--explain"])
    text = said(capsysbinary)
    assert "drop   table" in text
    assert "tabs: a table read across (columns)" in text
    assert "(hard-sign:" in text


def test_corrections_are_shown_and_can_be_turned_off(
    root: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    path = str(root / "scans" / f"{SEED}.txt")
    main(["clean", path, "--explain"])
    text = said(capsysbinary)
    assert "edit  'уназал' -> 'указал' (misread: " in text
    assert "edit  'посоветовавщись' -> 'посоветовавшись' (misread: " in text
    assert "edit  'копин' -> 'копий' (set-phrase: " in text
    main(["clean", path, "--explain", "--no-corrections"])
    text = said(capsysbinary)
    assert "(misread: " not in text
    assert "(set-phrase: " not in text
    assert "(hard-sign: " in text
    main(["clean", path, "--no-corrections"])
    assert "уназал" in said(capsysbinary)


def test_a_result_holds_what_was_read_the_edits_and_the_text(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = str(root / "scans" / f"{SEED}.txt")
    for name, more in (("on", []), ("off", ["--no-corrections"])):
        out = ["--out", str(tmp_path / name), "--jobs", "1", "--set", "report.write=false"]
        assert main(["run", path, *out, *more]) == ExitCode.OK
    capsys.readouterr()
    line = next(x for x in load_document(tmp_path / "on" / SEED).lines if "уназал" in x.raw)
    assert "указал" in line.text
    assert apply_edits(line.raw, line.edits) == line.text
    assert "misread" in {edit.rule for edit in line.edits}
    plain = next(x for x in load_document(tmp_path / "off" / SEED).lines if "уназал" in x.raw)
    assert "уназал" in plain.text


def test_clean_reads_standard_input_in_any_character_set(
    capsysbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "Правительство согласно с предложением о созыве конференции в мае."
    stream = io.TextIOWrapper(io.BytesIO(text.encode("cp866")))
    monkeypatch.setattr(sys, "stdin", stream)
    assert main(["clean", "-"]) == ExitCode.OK
    assert said(capsysbinary) == text + "\n"


@pytest.mark.ocr
def test_run_scores_what_it_transcribes_and_skips_it_the_second_time(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    scan = root / "scans" / "roshchin-facsimile-light.jpg"
    seed = root / "scans" / f"{SEED}.txt"
    arguments = ["run", str(scan), str(seed), "--out", str(tmp_path), "--json"]
    arguments += ["--ground-truth", str(root / "ground_truth"), "--jobs", "1"]
    assert main(arguments) == ExitCode.OK
    first = json.loads(capsys.readouterr().out)
    assert main(arguments) == ExitCode.OK
    second = json.loads(capsys.readouterr().out)
    assert first["documents"]["unchanged"] == 0
    assert second["documents"]["unchanged"] == 2
    assert second["scores"] == first["scores"]
    assert first["scores"]["body_loss"]["errors"] == 0
    rates = {row["id"]: row["figures"]["levels"][0]["cer"] for row in first["rows"]}
    light = rates["roshchin-facsimile-light"]
    assert light["errors"] / light["length"] < 0.08
    document = load_document(tmp_path / "roshchin-facsimile-light")
    boxes = [line.box for line in document.lines]
    assert all(box is not None for box in boxes)
    fields = {field.name: field.value for field in document.fields}
    assert fields["addressee"] == "ФИЛИППОВ"


@pytest.mark.ocr
def test_results_evaluate_against_their_truth(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["run", str(root / "scans" / f"{SEED}.txt"), "--out", str(tmp_path), "--jobs", "1"])
    capsys.readouterr()
    code = main(["evaluate", str(tmp_path), str(root / "ground_truth"), "--json"])
    out, err = capsys.readouterr()
    assert code == ExitCode.OK
    assert len(json.loads(out)["scores"]) == 1
    assert "roshchin-facsimile-heavy" in err  # a truth without a result is named


def test_kinds_of_facsimiles(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = ["facsimile", "--out", str(tmp_path)]
    assert main([*out, "--severity", "0", "--kind", "letter"]) == 0
    assert '"addressee"' in (tmp_path / "facsimile-s0-0.gt.json").read_text("utf-8")
    assert main([*out, "--kind", "novel"]) == 2
    assert main([*out, "--kind", "list", "--text", "config/facsimile/roshchin.toml"]) == 2
    err = capsys.readouterr().err
    assert "must be telegram or letter or list or page or " in err
    assert ", not novel" in err
    assert "describes a telegram, not a list" in err


def test_facsimiles_are_drawn_from_the_command(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = main(["facsimile", "--out", str(tmp_path), "--severity", "0", "--count", "2"])
    assert code == ExitCode.OK
    names = [Path(line).name for line in capsys.readouterr().out.splitlines()]
    assert names == ["facsimile-s0-0.jpg", "facsimile-s0-1.jpg"]
    assert (tmp_path / "facsimile-s0-1.gt.json").is_file()


@pytest.mark.ocr
@pytest.mark.parametrize("shell", ["bash", "zsh", "tcsh"])
def test_a_shell_can_complete_the_commands(shell: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["completion", shell]) == 0
    script = capsys.readouterr().out
    assert "evaluate" in script
    assert "ground-truth" in script


def test_doctor_finds_everything(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor"]) == ExitCode.OK
    out = capsys.readouterr().out
    assert "data.rus" in out
    assert "Everything is there." in out


@pytest.mark.shared
@pytest.mark.ocr
def test_the_real_letter_loses_no_line(real: Path, tmp_path: Path) -> None:
    folder = real / "typed-letter-1972"
    out = tmp_path / "out"
    code = main(["run", str(folder), "--ground-truth", str(folder), "--out", str(out)])
    assert code == ExitCode.OK
    summary = json.loads((out / "summary.json").read_text(encoding="utf-8"))
    assert summary["scores"]["body_loss"]["errors"] == 0
    assert summary["scores"]["strict"]["cer"]["rate"] < 0.06
