"""The editor's decisions, applied to a document: text, kinds, places, and nothing else."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from review_samples import decide, sample, stored, write

from pipeline.model import Document, Edit, Layer, Line, LineKind, Reading, Verdict
from pipeline.review import REVIEW_FILE, Decisions, edited, with_decisions
from pipeline.review.corrected import cuts, with_conventions, with_text
from pipeline.review.decisions import (
    FieldState,
    LineState,
    Note,
    PageState,
    PageStatus,
    State,
    field_key,
)
from pipeline.review.log import EventLog
from pipeline.store import load_stored
from pipeline.transcript import JOIN_HYPHEN, render

KINDS = (LineKind.ADDRESSEE, LineKind.HEADING, LineKind.BODY, LineKind.SIGNATURE)
TEXTS = st.text(alphabet='абв" -.1У', max_size=14)


def decided(*, others: dict[str, State] | None = None, **lines: LineState) -> Decisions:
    states = {name.replace("_", "-"): state for name, state in lines.items()}
    return Decisions(lines=states, keys={}, pages={}, others=others or {})


def transcript(document: Document, layer: Layer = Layer.READING) -> str:
    return render(document, layer, KINDS)


def found(document: Document, identifier: str) -> Line:
    return next(line for line in document.lines if line.id == identifier)


def test_without_decisions_the_document_is_the_same_object() -> None:
    document = sample()
    assert edited(document, decided()) is document


def test_a_corrected_word_is_an_edit_and_has_no_probability() -> None:
    made = edited(sample(), decided(p1_l001=LineState(text="Далее товарищ указал, что")))
    line = found(made, "p1-l001")
    assert line.raw == "Далее товарищ уназал, что"  # what was read stays
    assert [(e.rule, e.before, e.after, e.layer) for e in line.edits] == [
        ("editor", "уназал,", "указал,", Layer.DIPLOMATIC)
    ]
    assert [word.confidence for word in line.reading.words] == [0.98, 0.98, None, 0.98]
    assert "указал" in transcript(made)
    assert "указал" in transcript(made, Layer.DIPLOMATIC)


def test_the_machines_edits_that_the_editor_leaves_stay() -> None:
    made = edited(sample(), decided(p1_l004=LineState(text="товаринам передали")))
    assert [edit.rule for edit in found(made, "p1-l004").edits] == ["split-word", "editor"]


def test_a_hyphen_still_joins_after_a_correction_beside_it() -> None:
    made = edited(sample(), decided(p1_l002=LineState(text="сообшил корей-")))
    assert "сообшил корейским друзьям" in transcript(made)


def test_a_hyphen_that_the_editor_adds_joins_too() -> None:
    document = sample()
    page = document.pages[0]
    lines = tuple(
        replace(x, reading=Reading.of("vote", "сообщил корей="), edits=())
        if x.id == "p1-l002"
        else x
        for x in page.lines
    )
    document = replace(document, pages=(replace(page, lines=lines),))
    made = edited(document, decided(p1_l002=LineState(text="сообщил корей-")))
    assert "корейским" in transcript(made)
    assert "корей-\n" in transcript(made, Layer.DIPLOMATIC)
    line = found(made, "p1-l002")
    assert line.reading.reader == "editor"  # two edits of one sign cannot say it
    assert line.alternatives[0].text == "сообщил корей="


def test_a_correction_of_the_next_line_undoes_a_join() -> None:
    made = edited(sample(), decided(p1_l003=LineState(text="14 друзьям о договоре")))
    assert not any(edit.rule == JOIN_HYPHEN for edit in found(made, "p1-l002").edits)
    assert "корей- 14 друзьям" in transcript(made)


def test_a_dropped_line_comes_back_and_a_kept_one_goes() -> None:
    made = edited(
        sample(),
        decided(
            p1_l005=LineState(text="Действительно", kind=LineKind.BODY, verdict=Verdict.KEEP),
            p1_l006=LineState(verdict=Verdict.DROP),
        ),
    )
    text = transcript(made, Layer.DIPLOMATIC)
    assert "Действительно\n" in text
    assert "Последняя" not in text
    assert any("verdict drop is keep" in x.evidence for x in found(made, "p1-l005").reasons)


def test_lines_are_parted_and_joined() -> None:
    parted = edited(sample(), decided(p1_l006=LineState(text="Последняя\nстрока текста")))
    assert [line.id for line in parted.lines][6:9] == ["p1-l006", "p1-l006-2", "p1-l007"]
    first, second = found(parted, "p1-l006"), found(parted, "p1-l006-2")
    assert first.box is not None
    assert second.box is not None
    assert first.box.right < second.box.left
    assert (first.raw, second.raw) == ("Последняя", "строка текста")
    joined = edited(
        sample(),
        decided(
            p1_l003=LineState(text="ским друзьям о договоре 1950 года товаринам передано"),
            p1_l004=LineState(joined=True),
        ),
    )
    line = found(joined, "p1-l003")
    assert line.text_in(Layer.DIPLOMATIC) == "ским друзьям о договоре 1950 года товаринам передано"
    assert [edit.rule for edit in line.edits] == ["editor", "split-word"]
    assert line.box is not None
    assert line.box.height == 76
    assert "p1-l004" not in [x.id for x in joined.lines]


def test_paragraphs_notes_and_seen_words() -> None:
    made = edited(
        sample(),
        decided(
            p1_l001=LineState(paragraph=False, seen=(2,), notes=(Note(word=2, text="так!"),)),
            p1_l003=LineState(paragraph=True),
        ),
    )
    assert not found(made, "p1-l001").starts_paragraph
    assert found(made, "p1-l001").reading.words[2].confidence is None
    assert found(made, "p1-l001").reasons[-1].evidence == "note to word 3: так!"
    assert found(made, "p1-l003").starts_paragraph


def test_fields_are_changed_added_and_taken_out() -> None:
    others: dict[str, State] = {
        field_key("origin", None, None): FieldState(value="Пхеньян"),
        field_key("copy_list", 2, None): FieldState(value="Сталину"),
    }
    made = edited(sample(), decided(others=others))
    assert [(x.name, x.value, x.number) for x in made.fields] == [
        ("origin", "Пхеньян", None),
        ("copy_list", "Сталину", 2),
    ]
    gone = edited(sample(), decided(others={field_key("origin", None, None): FieldState(value="")}))
    assert gone.fields == ()


def test_an_approved_page_has_no_doubts_left() -> None:
    pages = {1: PageState(status=PageStatus.LOOKED)}
    made = edited(sample(), Decisions(lines={}, keys={}, pages=pages, others={}))
    assert {word.confidence for line in made.lines for word in line.reading.words} == {None}


def test_stored_results_come_with_the_decisions_in_their_folder(tmp_path: Path) -> None:
    folder = write(tmp_path, sample())
    before = load_stored(folder)
    assert with_decisions(tmp_path, before, folder) is before
    log = EventLog(tmp_path / REVIEW_FILE)
    decide(log, sample(), "p1-l001", LineState(text="Далее товарищ указал, что"))
    log.close()
    after = with_decisions(tmp_path, before, folder)
    assert found(after.document, "p1-l001").text == "Далее товарищ указал, что"
    assert load_stored(folder) == before  # what is stored is never changed by hand
    assert with_decisions(tmp_path, stored("бета"), folder) == stored("бета")


@st.composite
def read_lines(draw: st.DrawFn) -> Line:
    """A line with edits of the machine's: replacements, insertions, deletions."""
    raw = draw(TEXTS)
    line = Line(id="p1-l001", reading=Reading.of("vote", raw))
    for _ in range(draw(st.integers(0, 3))):
        start = draw(st.integers(0, len(raw)))
        end = draw(st.integers(start, min(len(raw), start + 3)))
        after = draw(st.text(alphabet="г ", max_size=2))
        edit = Edit(
            rule="r", start=start, before=raw[start:end], after=after, layer=Layer.DIPLOMATIC
        )
        line = line.with_edits([edit])
    return line


@given(line=read_lines(), text=TEXTS)
def test_whatever_was_read_the_text_is_the_editors(line: Line, text: str) -> None:
    made = with_text(line, text, "")
    assert made.text_in(Layer.DIPLOMATIC) == text
    assert made.raw == line.raw
    assert with_text(line, line.text_in(Layer.DIPLOMATIC), "").edits == line.edits


@given(raw=TEXTS, text=TEXTS, places=st.sets(st.integers(0, 13), max_size=3))
def test_conventions_fit_in_whatever_the_editor_changed(
    raw: str, text: str, places: set[int]
) -> None:
    line = with_text(Line(id="p1-l001", reading=Reading.of("vote", raw)), text, "")
    some = [Edit(rule="c", start=x, before=text[x], after="ъ") for x in places if x < len(text)]
    made = with_conventions(line, text, some)
    assert made.text_in(Layer.DIPLOMATIC) == text
    assert made.text == "".join("ъ" if i in places else c for i, c in enumerate(text))


@given(raw=TEXTS, text=st.text(alphabet="аб \n", max_size=12))
def test_cuts_stand_in_order_within_the_reading(raw: str, text: str) -> None:
    found = cuts(raw, text)
    assert len(found) == text.count("\n") + 1
    flat = [x for pair in found for x in pair]
    assert flat == sorted(flat)
    assert all(0 <= x <= len(raw) for x in flat)


@pytest.mark.parametrize("text", ["", " ", "Далее", "\n", "a\n\nb"])
def test_odd_texts_are_taken_as_they_are(text: str) -> None:
    made = edited(sample(), decided(p1_l001=LineState(text=text)))
    own = [x for x in made.lines if x.id.startswith("p1-l001")]
    assert "\n".join(x.text_in(Layer.DIPLOMATIC) for x in own) == text
