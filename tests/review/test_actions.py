"""Whatever editors do: the text is the model's, and undone to the start it is the start."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from review_samples import sample, stored

from pipeline.model import LineKind, Verdict
from pipeline.review.actions import event_of
from pipeline.review.asking import Known, RefusedError, Request, tidy
from pipeline.review.decisions import ILLEGIBLE, PageStatus, Thread, field_key
from pipeline.review.edited import cleanup_of, kinds_of, rows, with_rows
from pipeline.review.log import REVIEW_FILE, EventLog, StaleError, fold
from pipeline.review.places import decisions_for
from pipeline.store import StoredDocument

BASE = "base-one"
MEMORY = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108
"""A disk that need not be waited for: hundreds of saves, each on the disk before the next."""


class Desk:
    """An editor at work, without a browser: the log, and the document as it is now."""

    def __init__(self, path: Path, result: StoredDocument | None = None) -> None:
        self.log = EventLog(path)
        self.result = result or stored()

    def known(self, user: str = "anna") -> Known:
        events = self.log.events(self.result.document.id)
        threads = fold(events)
        run = self.result.run
        kinds = kinds_of(run)
        return Known(
            stored=self.result,
            decisions=decisions_for(self.result.document, run.fingerprint, threads, kinds),
            threads=threads,
            events=events,
            kinds=kinds,
            user=user,
        )

    def do(self, action: str, line: str = "", *, user: str = "anna", **more: object) -> None:
        known = self.known(user)
        request = Request(
            action=action,  # type: ignore[arg-type]
            base=self.result.run.fingerprint,
            line=line,
            **more,  # type: ignore[arg-type]
        )
        event = event_of(request, known)
        threads: dict[str, Thread] = dict(known.threads)
        self.log.add(event, {k: threads[k].revision for k in event.before if k in threads})

    def lines(self) -> list[tuple[str, str, str, bool]]:
        """Text, kind, verdict and paragraph of every line."""
        known = self.known()
        found = rows(self.result.document, known.decisions, cleanup_of(self.result.run))
        return [
            (row.text, str(row.line.kind), str(row.line.verdict), row.line.starts_paragraph)
            for of_page in found
            for row in of_page
        ]

    def texts(self) -> list[str]:
        return [text for text, _, _, _ in self.lines()]


@pytest.fixture
def desk() -> Iterator[Desk]:
    with tempfile.TemporaryDirectory(dir=MEMORY) as folder:
        made = Desk(Path(folder) / REVIEW_FILE)
        yield made
        made.log.close()


def refused(action: Callable[[], object]) -> str:
    with pytest.raises(RefusedError) as caught:
        action()
    return caught.value.word


def test_each_action_does_what_it_says(desk: Desk) -> None:
    desk.do("text", "p1-l001", text="  Далее товарищ\nуказал, что ")
    assert desk.texts()[1] == "Далее товарищ указал, что"
    desk.do("illegible", "p1-l003", word=4)
    assert desk.texts()[3] == f"ским друзьям о договоре {ILLEGIBLE} года"
    desk.do("split", "p1-l006", word=1)
    assert desk.texts()[6:8] == ["Последняя", "строка текста"]
    desk.do("text", "p1-l006", part=1, text="строка")
    desk.do("join", "p1-l006", part=0)
    assert desk.texts()[6] == "Последняя строка"
    desk.do("join", "p1-l006")
    assert desk.texts()[6:] == ["Последняя строка РОЩИН"]
    desk.do("restore", "p1-l005")
    assert desk.lines()[5][1:3] == ("body", "keep")
    desk.do("drop", "p1-l002")
    assert desk.lines()[2][2] == "drop"
    desk.do("kind", "p1-l004", kind=LineKind.HEADING)
    desk.do("paragraph", "p1-l004")
    assert desk.lines()[4][1:] == ("heading", "keep", True)
    desk.do("note", "p1-l001", word=2, text="так на листе")
    desk.do("text", "p1-l001", text="И далее товарищ указал, что")
    notes = desk.known().decisions.lines["p1-l001"].notes
    assert [(note.word, note.text) for note in notes] == [(3, "так на листе")]
    desk.do("note", "p1-l001", word=3, text="")
    assert desk.known().decisions.lines["p1-l001"].notes == ()
    desk.do("accept", "p1-l003", word=4, asked="doubt")
    assert desk.known().decisions.lines["p1-l003"].seen == (4,)
    desk.do("field", key=field_key("origin", None, None), text="Пхеньян")
    assert list(desk.known().decisions.others) == ["field:origin::"]


def test_what_makes_no_sense_is_refused(desk: Desk) -> None:
    assert refused(lambda: desk.do("text", "p1-l999", text="б")) == "no_such_line"
    assert refused(lambda: desk.do("text", "p1-l001", part=3, text="б")) == "no_such_line"
    assert refused(lambda: desk.do("split", "p1-l001", word=0)) == "split_at_first"
    assert refused(lambda: desk.do("split", "p1-l001", word=40)) == "no_such_word"
    assert refused(lambda: desk.do("join", "p1-l007")) == "no_next_line"
    assert refused(lambda: desk.do("text", "p1-l001", text=desk.texts()[1] + " ")) != ""
    assert refused(lambda: desk.do("page", page=7, status=PageStatus.LOOKED)) == "no_such_page"
    assert refused(lambda: desk.do("field", key="field:sender::")) == "no_such_field"
    assert refused(lambda: desk.do("field", key="line:x:y")) == "no_such_field"
    assert refused(lambda: desk.do("set_aside", key="line:x:y")) == "no_such_question"
    assert refused(lambda: desk.do("undo")) == "nothing_to_undo"
    assert refused(lambda: desk.do("redo")) == "nothing_to_redo"
    old = Request(action="drop", base="base-zero", line="p1-l001")
    assert refused(lambda: event_of(old, desk.known())) == "read_anew"


def test_the_second_look_is_another_persons(desk: Desk) -> None:
    def page(status: PageStatus, user: str) -> None:
        desk.do("page", page=1, status=status, user=user)

    assert refused(lambda: page(PageStatus.CHECKED, "boris")) == "another_person"
    page(PageStatus.LOOKED, "anna")
    assert refused(lambda: page(PageStatus.CHECKED, "anna")) == "another_person"
    page(PageStatus.CHECKED, "boris")
    assert desk.known().decisions.pages[1].status is PageStatus.CHECKED
    desk.do("undo", user="boris")
    assert desk.known().decisions.pages[1].status is PageStatus.LOOKED


def test_nobody_undoes_what_another_changed_since(desk: Desk) -> None:
    desk.do("text", "p1-l001", text="один")
    desk.do("text", "p1-l001", text="два", user="boris")
    assert refused(lambda: desk.do("undo")) == "changed_since"
    desk.do("undo", user="boris")
    desk.do("undo")
    assert desk.texts()[1] == "Далее товарищ уназал, что"


def test_a_question_is_put_to_a_line_or_set_aside(desk: Desk) -> None:
    desk.do("text", "p1-l001", text="Далее товарищ указал, что")
    desk.do("text", "p1-l003", text="ским друзьям о договоре 1950 года")
    other = sample()
    lines = tuple(x for x in other.pages[0].lines if x.id not in ("p1-l001", "p1-l003"))
    from dataclasses import replace  # noqa: PLC0415

    later = replace(
        stored(fingerprint="base-two"),
        document=replace(other, pages=(replace(other.pages[0], lines=lines),)),
    )
    desk.result = later
    first, second = desk.known().decisions.questions
    desk.do("apply", "p1-l004", key=first.key)
    desk.do("set_aside", key=second.key)
    assert desk.known().decisions.questions == ()
    assert first.state.text in desk.texts()
    desk.do("undo")
    assert [q.key for q in desk.known().decisions.questions] == [second.key]


LINES = st.sampled_from([f"p1-l{number:03d}" for number in range(8)])
TEXT = st.text(alphabet="абв -<&\u202e\u0301", min_size=0, max_size=12)
USERS = st.sampled_from(["anna", "boris"])


class Editing(RuleBasedStateMachine):
    """Random work of two people against a model: a list of lines, and a stack of earlier ones."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory(dir=MEMORY)
        self.desk = Desk(Path(self.folder.name) / REVIEW_FILE)
        self.start = self.desk.lines()
        self.stack: list[list[tuple[str, str, str, bool]]] = []
        self.undone: list[list[tuple[str, str, str, bool]]] = []
        self.model = self.start

    def teardown(self) -> None:
        while self.stack:
            self.undo()
        assert self.desk.lines() == self.start
        self.desk.log.close()
        self.folder.cleanup()

    def step(
        self, change: Callable[[list[tuple[str, str, str, bool]]], None], **what: object
    ) -> None:
        made = list(self.model)
        change(made)
        try:
            self.desk.do(**what)  # type: ignore[arg-type]
        except RefusedError as error:
            assert error.word == "nothing_changes"
            assert made == self.model
            return
        self.stack.append(self.model)
        self.undone.clear()
        self.model = made

    def row_of(self, line: str) -> int | None:
        known = self.desk.known()
        found = rows(self.desk.result.document, known.decisions, cleanup_of(self.desk.result.run))
        heads = [row.head for of_page in found for row in of_page]
        return heads.index(line) if line in heads else None

    @rule(line=LINES, text=TEXT)
    def type(self, line: str, text: str) -> None:
        row = self.row_of(line)
        if row is not None:
            new = tidy(text)

            def change(made: list[tuple[str, str, str, bool]]) -> None:
                made[row] = (new, *made[row][1:])

            self.step(change, action="text", line=line, text=text)

    @rule(line=LINES)
    def drop_or_restore(self, line: str) -> None:
        row = self.row_of(line)
        if row is not None:
            dropped = self.model[row][2] == "drop"
            shown = self.model[row][1] in ("body", "heading", "addressee", "signature")

            def change(made: list[tuple[str, str, str, bool]]) -> None:
                text, kind, _, paragraph = made[row]
                new_kind = kind if shown or not dropped else "body"
                last = row
                while last + 1 < len(made) and self.part_of(line, last + 1):
                    last += 1
                for index in range(row, last + 1):
                    text, _, _, paragraph = made[index]
                    made[index] = (text, new_kind, "keep" if dropped else "drop", paragraph)

            self.step(change, action="restore" if dropped else "drop", line=line)

    def part_of(self, line: str, index: int) -> bool:
        known = self.desk.known()
        found = rows(self.desk.result.document, known.decisions, cleanup_of(self.desk.result.run))
        flat = [row for of_page in found for row in of_page]
        return index < len(flat) and flat[index].head == line

    @rule(line=LINES)
    def paragraph(self, line: str) -> None:
        row = self.row_of(line)
        if row is not None:

            def change(made: list[tuple[str, str, str, bool]]) -> None:
                made[row] = (*made[row][:3], not made[row][3])

            self.step(change, action="paragraph", line=line)

    @rule(line=LINES, word=st.integers(1, 3))
    def split(self, line: str, word: int) -> None:
        row = self.row_of(line)
        if row is None or len(self.model[row][0].split()) <= word:
            return

        def change(made: list[tuple[str, str, str, bool]]) -> None:
            text, kind, verdict, paragraph = made[row]
            at = place_of(text, word)
            first, second = text[:at].rstrip(), text[at:]
            made[row : row + 1] = [
                (first, kind, verdict, paragraph),
                (second, kind, verdict, False),
            ]

        self.step(change, action="split", line=line, word=word)

    @rule(line=LINES)
    def join(self, line: str) -> None:
        row = self.row_of(line)
        if row is None or row + 1 >= len(self.model):
            return
        own = self.part_of(line, row + 1)
        parts = row + 1
        while not own and self.part_of(self.head(row + 1), parts + 1):
            parts += 1

        def change(made: list[tuple[str, str, str, bool]]) -> None:
            text, kind, verdict, paragraph = made[row]
            made[row : row + 2] = [(f"{text} {made[row + 1][0]}", kind, verdict, paragraph)]
            for index in range(row + 1, parts):
                made[index] = (made[index][0], kind, verdict, False)

        self.step(change, action="join", line=line)

    def head(self, index: int) -> str:
        known = self.desk.known()
        found = rows(self.desk.result.document, known.decisions, cleanup_of(self.desk.result.run))
        return [row for of_page in found for row in of_page][index].head

    @precondition(lambda self: self.stack)
    @rule()
    def undo(self) -> None:
        self.desk.do("undo")
        self.undone.append(self.model)
        self.model = self.stack.pop()

    @precondition(lambda self: self.undone)
    @rule()
    def redo(self) -> None:
        self.desk.do("redo")
        self.stack.append(self.model)
        self.model = self.undone.pop()

    @rule(line=LINES, text=TEXT, user=USERS)
    def come_too_late(self, line: str, text: str, user: str) -> None:
        """A save that builds on what is not there any more: nothing changes."""
        known = self.desk.known(user)
        with suppress(RefusedError):
            event = event_of(Request(action="text", base=BASE, line=line, text=text), known)
            with pytest.raises(StaleError):
                self.desk.log.add(event, dict.fromkeys(event.before, 10**9))

    @invariant()
    def says_what_the_model_says(self) -> None:
        assert self.desk.lines() == self.model


def place_of(text: str, word: int) -> int:
    """Where the ``word``-th word of ``text`` begins."""
    at = 0
    for part in text.split()[:word]:
        at = text.index(part, at) + len(part)
    while text[at].isspace():
        at += 1
    return at


TestEditing = Editing.TestCase
TestEditing.settings = settings(
    max_examples=12,
    stateful_step_count=42,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)


def test_the_edited_document_is_the_rows(desk: Desk) -> None:
    desk.do("drop", "p1-l002")
    known = desk.known()
    found = rows(desk.result.document, known.decisions, cleanup_of(desk.result.run))
    made = with_rows(desk.result.document, found, known.decisions)
    assert made.lines[2].verdict is Verdict.DROP
