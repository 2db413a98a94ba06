"""Results on disk load back equal, are written whole, and say what is wrong with them."""

from __future__ import annotations

import json
import math
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import store
from pipeline.errors import ExitCode, OutputError, ResultError
from pipeline.model import (
    Box,
    Document,
    Edit,
    Field,
    Layer,
    Line,
    LineKind,
    Page,
    Problem,
    Reading,
    Reason,
    Scan,
    Status,
    Step,
    Verdict,
    Word,
)

RUN = store.RunInfo(
    fingerprint="f" * 64,
    source="scans/a.png",
    source_key="a" * 64,
    input_sha256="b" * 64,
    status=Status.OK,
    seconds=1.25,
    settings=(("ocr.language", '"rus"'),),
    versions=(("depesha", "0.1.0"),),
)
SCHEMA_FILE = Path(__file__).parents[2] / "docs" / "document.schema.json"

# All of Unicode, unpaired low surrogates (what a file name that is not UTF-8 becomes) too.
texts = st.text(st.characters() | st.characters(min_codepoint=0xDC80, max_codepoint=0xDCFF)) | (
    st.sampled_from(
        ["№ 143354", "\x00\x1b\u2028\ufeff", "Вп/ервые", "e\u0301", "\U0001f4dc", "{ } [ ]", " }"]
    )
)
confidences = st.none() | st.floats(0.0, 1.0)
boxes = st.builds(
    lambda x, y, w, h: Box(left=x, top=y, right=x + w, bottom=y + h),
    st.integers(0, 10**6),
    st.integers(0, 10**6),
    st.integers(1, 10**6),
    st.integers(1, 10**6),
)
some_boxes = st.none() | boxes


def tuples(of: st.SearchStrategy[Any]) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(of, max_size=2).map(tuple)


words = st.builds(
    Word,
    text=texts,
    gap=texts,
    box=some_boxes,
    confidence=confidences,
    other=st.none() | texts,
)
readings = st.builds(Reading, reader=texts, words=tuples(words), tail=texts, confidence=confidences)
reasons = st.builds(
    Reason,
    rule=texts,
    evidence=texts,
    weight=st.floats(allow_nan=False, allow_infinity=False),
)


@st.composite
def edits(draw: st.DrawFn, raw: str) -> tuple[Edit, ...]:
    cuts = sorted(draw(st.lists(st.integers(0, len(raw)), max_size=4, unique=True)))
    return tuple(
        Edit(
            rule=draw(texts),
            start=start,
            before=raw[start:end],
            after=draw(texts),
            layer=draw(st.sampled_from(Layer)),
            evidence=draw(texts),
        )
        for start, end in zip(cuts[::2], cuts[1::2], strict=False)
    )


@st.composite
def edited(draw: st.DrawFn, lines: st.SearchStrategy[Line]) -> Line:
    line = draw(lines)
    return replace(line, edits=draw(edits(line.raw)))


lines = edited(
    st.builds(
        Line,
        id=texts,
        reading=readings,
        alternatives=tuples(readings),
        box=some_boxes,
        kind=st.sampled_from(LineKind),
        verdict=st.sampled_from(Verdict),
        reasons=tuples(reasons),
        text_probability=confidences,
        starts_paragraph=st.booleans(),
    )
)
steps = st.builds(Step, name=texts, settings=tuples(st.tuples(texts, texts)), version=texts)
scans = st.builds(
    Scan,
    path=texts,
    page=st.integers(1, 9999),
    width=st.none() | st.integers(1, 10**6),
    height=st.none() | st.integers(1, 10**6),
    dpi=st.none() | st.floats(1, 10000),
    encoding=st.none() | texts,
)
pages = st.builds(
    Page, number=st.integers(1, 9999), scan=scans, lines=tuples(lines), steps=tuples(steps)
)
fields = st.builds(
    Field,
    name=texts,
    value=texts,
    raw=texts,
    box=some_boxes,
    confidence=confidences,
    reasons=tuples(reasons),
)
problems = st.builds(Problem, code=texts, message=texts, page=st.none() | st.integers(1, 9999))
documents = st.builds(
    Document, id=texts, pages=tuples(pages), fields=tuples(fields), problems=tuples(problems)
)


@given(document=documents)
@settings(max_examples=60)
def test_any_document_loads_back_equal(document: Document) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        store.save_document(folder, document, run=RUN, texts={})
        assert store.load_document(folder) == document
        assert store.load_run(folder / store.DOCUMENT_FILE) == RUN


def small(text: str = "текст") -> Document:
    line = Line(id="1.1", reading=Reading.of("file", text))
    page = Page(number=1, scan=Scan(path="scans/a.png"), lines=(line,))
    return Document(id="a", pages=(page,))


def test_the_file_is_utf8_with_readable_letters_and_escaped_surrogates(tmp_path: Path) -> None:
    store.save_document(tmp_path, small("Вышинскому \udcff"), run=RUN, texts={})
    text = store.unpack(tmp_path / store.DOCUMENT_FILE).decode("utf-8")
    assert "Вышинскому \\udcff" in text


def test_two_halves_of_a_pair_load_as_the_character_they_stand_for(tmp_path: Path) -> None:
    store.save_document(tmp_path, small("\ud83d\udcdc"), run=RUN, texts={})
    assert store.load_document(tmp_path) == small("\U0001f4dc")


def test_texts_stand_beside_it_and_nothing_else(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "a"
    store.save_document(folder, small(), run=RUN, texts={"transcript.txt": "да\udc80\n"})
    assert sorted(p.name for p in folder.iterdir()) == [store.DOCUMENT_FILE, "transcript.txt"]
    assert (folder / "transcript.txt").read_bytes() == "да\ufffd\n".encode()


def test_results_are_as_readable_as_any_other_file(tmp_path: Path) -> None:
    plain = tmp_path / "plain"
    plain.touch()
    store.write_atomic(tmp_path / "ours", b"x")
    assert (tmp_path / "ours").stat().st_mode == plain.stat().st_mode


def test_a_write_that_fails_leaves_the_old_file_and_no_temporary(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.save_document(tmp_path, small("old"), run=RUN, texts={"transcript.txt": "old"})

    def full(self: Path, target: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OutputError, match="No space left on device"):
        store.save_document(tmp_path, small("new"), run=RUN, texts={"transcript.txt": "new"})
    with pytest.raises(OutputError, match="No space left"):
        store.write_atomic(tmp_path / "transcript.txt", "new")
    assert (tmp_path / "transcript.txt").read_text() == "old"
    # Nothing of it was replaced: the old result stands whole.
    assert sorted(p.name for p in tmp_path.iterdir()) == [store.DOCUMENT_FILE, "transcript.txt"]
    assert store.load_document(tmp_path) == small("old")


def test_what_a_killed_run_left_is_swept_away(tmp_path: Path) -> None:
    (tmp_path / ".depesha-abc.tmp").write_text("half")
    store.save_document(tmp_path, small(), run=RUN, texts={})
    assert [p.name for p in tmp_path.iterdir()] == [store.DOCUMENT_FILE]


def test_a_file_in_place_of_the_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("mine")
    with pytest.raises(OutputError, match="is a file; a folder is needed") as caught:
        store.save_document(tmp_path / "a", small(), run=RUN, texts={})
    assert caught.value.exit_code is ExitCode.OUTPUT
    with pytest.raises(OutputError, match="cannot be written"):
        store.save_document(tmp_path / "a" / "b", small(), run=RUN, texts={})
    assert (tmp_path / "a").read_text() == "mine"


def test_numbers_that_json_lacks_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="Out of range float"):
        store.save_document(tmp_path, small(), run=replace(RUN, seconds=float("inf")), texts={})
    assert not list(tmp_path.iterdir())


def test_a_failure_sets_the_older_result_aside_and_a_success_clears_it(tmp_path: Path) -> None:
    problems = (Problem(code="INPUT_UNREADABLE", message="is truncated"),)
    store.save_document(tmp_path, small("old"), run=RUN, texts={"transcript.txt": "old"})
    store.save_error(tmp_path, "a", run=RUN, problems=problems)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["error.json", "previous"]
    assert (tmp_path / "previous" / "transcript.txt").read_text() == "old"
    assert store.load_document(tmp_path / "previous") == small("old")
    assert store.load_error(tmp_path).problems == problems
    store.save_error(tmp_path, "a", run=RUN, problems=problems)
    assert store.load_document(tmp_path / "previous") == small("old")
    store.save_document(tmp_path, small("new"), run=RUN, texts={})
    assert not (tmp_path / "error.json").exists()


Damage = Callable[[dict[str, Any]], object]


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lambda d: d.update(schema="other/thing"), "not a depesha/document file but other/thing"),
        (lambda d: d.update(version=1), "of version 1; this Depesha reads version 3. Run again"),
        (lambda d: d.pop("document"), "missing required field `document`"),
        (lambda d: d["document"].update(id=7), "Expected `str`, got `int`"),
        (
            lambda d: d["pages"][0]["page"]["lines"][0].update(
                box={"left": 5, "top": 0, "right": 1, "bottom": 1}
            ),
            "not a box",
        ),
    ],
)
def test_damaged_results_are_refused_by_name(tmp_path: Path, damage: Damage, message: str) -> None:
    store.save_document(tmp_path, small(), run=RUN, texts={})
    path = tmp_path / store.DOCUMENT_FILE
    data = json.loads(store.unpack(path))
    damage(data)
    path.write_bytes(store.pack(json.dumps(data)))
    with pytest.raises(ResultError, match=message) as caught:
        store.load_document(tmp_path)
    assert str(path) in str(caught.value)


def test_an_older_failure_is_refused_by_its_version(tmp_path: Path) -> None:
    store.save_error(tmp_path, "a", run=RUN, problems=())
    path = tmp_path / "error.json"
    path.write_text(json.dumps(json.loads(path.read_bytes()) | {"version": 1}))
    with pytest.raises(ResultError, match="of version 1; this Depesha reads version 3"):
        store.load_error(tmp_path)


def test_nothing_that_follows_from_the_rest_is_stored(tmp_path: Path) -> None:
    words = [Word(text=text, box=Box(left=1, top=2, right=3, bottom=4)) for text in ("да", "нет")]
    page = Page(
        number=1,
        scan=Scan(path="a.png"),
        lines=(Line(id="l", reading=Reading.of_words("vote", words)),),
    )
    store.save_document(tmp_path, Document(id="a", pages=(page,)), run=RUN, texts={})
    text = store.unpack(tmp_path / store.DOCUMENT_FILE).decode()
    box = {"left": 1, "top": 2, "right": 3, "bottom": 4}
    assert json.loads(text)["pages"][0]["page"]["lines"] == [
        {
            "id": "l",
            "reading": {
                "reader": "vote",
                "words": [{"text": "да", "gap": "", "box": box}, {"text": "нет", "box": box}],
            },
        }
    ]
    shown = store.document_json(store.load_stored(tmp_path), indent=1)
    assert '"box": {"left": 1, "top": 2, "right": 3, "bottom": 4}' in shown


@pytest.mark.parametrize("contents", [b"", b"{", b"\xff\xfe", b"[1]", b"[" * 100_000])
def test_what_is_not_a_result_is_refused(tmp_path: Path, contents: bytes) -> None:
    path = tmp_path / store.DOCUMENT_FILE
    path.write_bytes(store.pack(contents.decode("latin-1")) if contents else b"")
    with pytest.raises(ResultError, match=r"document\.json\.xz: is"):
        store.load_document(path)


def test_a_missing_result_is_named(tmp_path: Path) -> None:
    with pytest.raises(ResultError, match="cannot be read: No such file"):
        store.load_run(tmp_path / "nowhere.json")


RENEW = """renew it with
    .venv/bin/python -c "from pipeline.store import *; print(document_schema(), end='')" \\
        > docs/document.schema.json"""


def test_the_schema_in_docs_is_current_and_has_the_nouns() -> None:
    assert SCHEMA_FILE.read_text(encoding="utf-8") == store.document_schema(), RENEW
    definitions = json.loads(store.document_schema())["$defs"]
    assert {"StoredFile", "RunInfo", "Document", "Line", "Box"} <= set(definitions)
    required = {"schema", "version", "run", "document"}
    assert set(definitions["StoredFile"]["required"]) == required


def test_a_text_that_a_person_changed_is_kept_beside_the_new_one(tmp_path: Path) -> None:
    def save(text: str) -> tuple[str, ...]:
        return store.save_document(tmp_path, small(text), run=RUN, texts={"transcript.txt": text})

    assert save("one") == ()
    assert save("two") == ()
    (tmp_path / "transcript.txt").write_text("mine")
    assert save("three") == ("transcript.changed.txt",)
    (tmp_path / "transcript.txt").write_text("mine again")
    assert save("three") == ("transcript.changed-2.txt",)
    assert (tmp_path / "transcript.changed.txt").read_text() == "mine"
    assert (tmp_path / "transcript.txt").read_text() == "three"
    (tmp_path / "transcript.txt").write_text("and again")
    store.save_error(tmp_path, "a", run=RUN, problems=())
    assert (tmp_path / "transcript.changed-3.txt").read_text() == "and again"
    assert store.load_document(tmp_path / "previous") == small("three")


def test_pages_as_they_were_read_cost_hardly_anything(tmp_path: Path) -> None:
    lines = tuple(
        Line(
            id=f"p1-l{n}",
            reading=Reading.of_words(
                "vote",
                [
                    Word(
                        text=f"слово{n * m}",
                        box=Box(left=m * 97, top=n * 31, right=m * 97 + 80, bottom=n * 31 + 24),
                        confidence=math.sin(n * m + 1) ** 2,
                    )
                    for m in range(9)
                ],
            ),
        )
        for n in range(30)
    )
    pages = tuple(Page(number=k, scan=Scan(path="a", page=k), lines=lines) for k in range(1, 4))
    document = Document(id="a", pages=pages)
    store.save_document(tmp_path, document, run=RUN, texts={})
    alone = (tmp_path / store.DOCUMENT_FILE).stat().st_size
    store.save_document(tmp_path, document, run=RUN, texts={}, read=pages)
    both = (tmp_path / store.DOCUMENT_FILE).stat().st_size
    assert both < 1.1 * alone
    stored = store.load_stored(tmp_path)
    assert (stored.document, stored.read) == (document, pages)
