"""Which line of the present result each decision is for.

In the run in which it was made a decision finds its line by its id. In a later run it finds it by
its place on the scan and by its text: the same spot, and either the machine reads there what it
read before, or what the editor said, or nearly so. A decision that fits no line, or a line that two
claim, is a *question*: it is shown again, and nothing of it is applied. Without a picture
(raw text) the text alone decides, and only where it is told from all others.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from msgspec import structs
from rapidfuzz.distance import Levenshtein

from pipeline.model import Box, Document, Layer, Line, LineKind, Verdict
from pipeline.review.decisions import (
    Anchor,
    Approved,
    LineState,
    PageState,
    PageStatus,
    State,
    Thread,
    box_of,
)

SAME_PLACE = 0.5
"""Share of their common area (intersection over union) from which two boxes are one place."""

ALSO_THERE = 0.25
"""A second line from which on the place does not tell which of the two is meant."""

LIKE = 0.6
"""Likeness of two texts (1 minus edit distance over the longer) from which they are one line."""

LIKE_ALONE = 0.8
"""The same where there is no place."""

DONE = (PageStatus.LOOKED, PageStatus.CHECKED)
"""The states of a page whose text a person vouches for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A decision that fits no line any more; ``near`` is the id of what now stands there, if any.

    ``state`` is what was decided, ``anchor`` where; ``approved``: with its page, not by itself.
    """

    key: str
    anchor: Anchor
    state: LineState
    near: str = ""
    approved: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Decisions:
    """What is decided of one document, as it applies to the present result.

    ``lines`` are states by line id, ``keys`` the lasting keys of lines by id (only those that were
    ever decided on). ``pages`` are states by number; a page that was approved and has changed
    since is ``OPEN`` here, and its number in ``again``. ``others`` are the states of fields by key.
    """

    lines: Mapping[str, LineState]
    keys: Mapping[str, str]
    pages: Mapping[int, PageState]
    others: Mapping[str, State]
    questions: tuple[Question, ...] = ()
    again: frozenset[int] = frozenset()

    @property
    def are_none(self) -> bool:
        """Whether nothing is decided."""
        return not (self.lines or self.pages or self.others or self.questions)


def anchor_of(line: Line, page: int, base: str) -> Anchor:
    """Where ``line`` stands in the run ``base``, and what was read there."""
    box = line.box
    sides = None if box is None else (box.left, box.top, box.right, box.bottom)
    return Anchor(
        base=base,
        id=line.id,
        page=page,
        raw=_encodable(line.raw),
        text=_encodable(line.text_in(Layer.DIPLOMATIC)),
        box=sides,
    )


def decisions_for(
    document: Document, base: str, threads: Mapping[str, Thread], kinds: Iterable[LineKind] = ()
) -> Decisions:
    """What ``threads`` say of ``document``, whose run has the fingerprint ``base``.

    ``kinds`` are those of the transcript: a new line of one of them opens an approved page.
    """
    return _Matching(document, base, threads, frozenset(kinds)).decisions()


class _Matching:
    def __init__(
        self,
        document: Document,
        base: str,
        threads: Mapping[str, Thread],
        kinds: frozenset[LineKind],
    ) -> None:
        self.base = base
        self.threads = threads
        self.kinds = kinds
        self.document = document
        self.by_page = {page.number: page.lines for page in document.pages}
        self.by_id = {line.id: line for line in document.lines}
        self.lines: dict[str, LineState] = {}
        self.keys: dict[str, str] = {}
        self.questions: list[Question] = []
        self.again: set[int] = set()

    def decisions(self) -> Decisions:
        lines = [t for t in self.threads.values() if isinstance(t.state, LineState)]
        # Those of the present run know their line; the newest claims come first among the others.
        for thread in sorted(lines, key=lambda t: (not self._is_ours(t.anchor), -t.revision)):
            self._place(thread)
        pages: dict[int, PageState] = {}
        others: dict[str, State] = {}
        for key, thread in self.threads.items():
            if isinstance(thread.state, PageState):
                number = int(key.partition(":")[2])
                if number in self.by_page:
                    pages[number] = self._page(number, thread)
            elif not isinstance(thread.state, LineState) and thread.state != type(thread.state)():
                others[key] = thread.state
        return Decisions(
            lines=self.lines,
            keys=self.keys,
            pages={n: state for n, state in pages.items() if state != PageState()},
            others=others,
            questions=tuple(self.questions),
            again=frozenset(self.again),
        )

    def _is_ours(self, anchor: Anchor | None) -> bool:
        return anchor is not None and anchor.base == self.base

    def _place(self, thread: Thread) -> None:
        anchor, state = thread.anchor, thread.state
        if anchor is None or not isinstance(state, LineState):
            return
        ours = self._is_ours(anchor)
        if ours and anchor.id in self.by_id:
            found: Line | None = self.by_id[anchor.id]
        else:
            found = self._fitting(anchor, state.text)
        if found is not None and found.id not in self.keys:
            self.keys[found.id] = thread.key
            if not ours:
                state = _moved(state, anchor, found)
            if state != LineState():
                self.lines[found.id] = state
        elif state != LineState():
            near = self._nearest(anchor)
            question = Question(
                key=thread.key, anchor=anchor, state=state, near=near.id if near else ""
            )
            self.questions.append(question)
            self.again.add(anchor.page)

    def _page(self, number: int, thread: Thread) -> PageState:
        """The page's state; its approved lines become decisions where a later run differs."""
        state = thread.state
        assert isinstance(state, PageState)  # noqa: S101  page keys have no others
        if state.lines and not self._is_ours(state.lines[0].anchor):
            claimed = {self._approve(approved, thread) for approved in state.lines}
            new = [
                line
                for line in self.by_page[number]
                if line.id not in claimed
                and line.verdict is not Verdict.DROP
                and line.kind in self.kinds
                and line.id not in self.lines
            ]
            if new:
                self.again.add(number)
        if number in self.again and state.status in DONE:
            return structs.replace(state, status=PageStatus.OPEN)
        if state.status is PageStatus.CHECKED and self._touched_since(number, thread):
            return structs.replace(state, status=PageStatus.LOOKED)
        return state

    def _touched_since(self, number: int, page: Thread) -> bool:
        return any(
            thread.revision > page.revision
            for thread in self.threads.values()
            if thread.anchor is not None and thread.anchor.page == number
        )

    def _approve(self, approved: Approved, page: Thread) -> str:
        """Let the line in the place of ``approved`` stand as it was approved; its id."""
        found = self._fitting(approved.anchor, approved.text)
        if found is None:
            in_text = approved.verdict is not Verdict.DROP and approved.kind in self.kinds
            if in_text and not any(q.anchor == approved.anchor for q in self.questions):
                near = self._nearest(approved.anchor)
                self.questions.append(
                    Question(
                        key=page.key,
                        anchor=approved.anchor,
                        state=_as_approved(approved, LineState()),
                        near=near.id if near else "",
                        approved=True,
                    )
                )
                self.again.add(approved.anchor.page)
            return ""
        own_key = self.keys.get(found.id)
        if own_key is not None and self.threads[own_key].revision > page.revision:
            return found.id  # what was decided after the approval stands
        state = _as_approved(approved, self.lines.get(found.id, LineState()))
        if _changes(state, found):
            self.lines[found.id] = state
        return found.id

    def _fitting(self, anchor: Anchor, text: str | None) -> Line | None:
        lines = self.by_page.get(anchor.page, ())
        wanted = [anchor.raw] if text is None else [anchor.raw, text.replace("\n", " ")]
        box = box_of(anchor)
        if box is None:
            return _by_text(lines, anchor, wanted)
        shares = sorted(
            ((_common(box, line.box), line) for line in lines if line.box is not None),
            key=lambda x: -x[0],
        )
        if not shares or shares[0][0] < SAME_PLACE:
            return None
        if len(shares) > 1 and shares[1][0] >= ALSO_THERE:
            return None
        line = shares[0][1]
        return line if _likeness(line, wanted) >= LIKE else None

    def _nearest(self, anchor: Anchor) -> Line | None:
        box = box_of(anchor)
        lines = [line for line in self.by_page.get(anchor.page, ()) if line.box is not None]
        if box is None or not lines:
            return self.by_id.get(anchor.id)
        best = max(lines, key=lambda line: _common(box, line.box))
        return best if _common(box, best.box) > 0 else None


def _by_text(lines: Iterable[Line], anchor: Anchor, wanted: list[str]) -> Line | None:
    some = list(lines)
    equal = [line for line in some if line.raw == anchor.raw]
    if len(equal) > 1:
        # Of many like it ("----") the one of the same id.
        equal = [line for line in equal if line.id == anchor.id]
    if len(equal) == 1:
        return equal[0]
    alike = [line for line in some if _likeness(line, wanted) >= LIKE_ALONE]
    return alike[0] if len(alike) == 1 else None


def _likeness(line: Line, wanted: Iterable[str]) -> float:
    read = (_folded(line.raw), _folded(line.text_in(Layer.DIPLOMATIC)))
    return max(Levenshtein.normalized_similarity(a, _folded(b)) for a in read for b in wanted)


def _folded(text: str) -> str:
    return " ".join(_encodable(text).split())


def _common(box: Box, other: Box | None) -> float:
    if other is None:
        return 0.0
    across = max(0, min(box.right, other.right) - max(box.left, other.left))
    both = across * box.beside(other)
    return both / (box.width * box.height + other.width * other.height - both)


def _moved(state: LineState, anchor: Anchor, line: Line) -> LineState:
    """``state`` with its words' indices as the line of the later run has them."""
    if not state.seen:
        return state
    old, new = anchor.raw.split(), [word.text for word in line.reading.words]
    places = {
        block.a + i: block.b + i
        for block in Levenshtein.opcodes(old, new).as_matching_blocks()
        for i in range(block.size)
    }
    seen = tuple(places[index] for index in state.seen if index in places)
    return structs.replace(state, seen=seen)


def _as_approved(approved: Approved, own: LineState) -> LineState:
    """What was approved, where nothing was decided of the line itself."""
    return structs.replace(
        own,
        text=approved.text if own.text is None else own.text,
        kind=own.kind or approved.kind,
        verdict=own.verdict or approved.verdict,
        paragraph=approved.paragraph if own.paragraph is None else own.paragraph,
    )


def _changes(state: LineState, line: Line) -> bool:
    now = (line.text_in(Layer.DIPLOMATIC), line.kind, line.verdict, line.starts_paragraph)
    return (state.text, state.kind, state.verdict, state.paragraph) != now


def _encodable(text: str) -> str:
    return text.encode("utf-8", "replace").decode()
