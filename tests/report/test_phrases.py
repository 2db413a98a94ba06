"""No English sentence is left in a Russian page: what the stages write has its translation."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.findings import _ADVICE
from pipeline.languages import Language
from pipeline.report.rendering import phrases

PIPELINE = Path(__file__).parents[2] / "pipeline"
ROOMS = ("noise", "cleanup", "form")
FILES = [
    *(path for room in ROOMS for path in sorted((PIPELINE / room).glob("*.py"))),
    PIPELINE / "findings.py",
    PIPELINE / "review" / "edited.py",
]
NAMED = {"evidence", "why", "words", "message", "said"}
"""Names of arguments and variables that hold a sentence for people."""

CALLED = ("find", "_look", "_says", "_phrases", "_edit")
"""Functions whose last argument is one."""

_HOLE = re.compile(r"\{\d\}")


def patterns() -> list[tuple[re.Pattern[str], str]]:
    """What ``phrases.js`` makes of the pairs: the most fixed letters first."""
    ordered = sorted(phrases().items(), key=lambda x: -len(_HOLE.sub("", x[0])))
    made = []
    for english, russian in ordered:
        parts = map(re.escape, _HOLE.split(english))
        made.append((re.compile("(.+?)".join(parts), re.DOTALL), russian))
    return made


PATTERNS = patterns()


def in_russian(text: str) -> str | None:
    for pattern, russian in PATTERNS:
        found = pattern.fullmatch(text)
        if found:
            said = russian
            for number, part in enumerate(found.groups(), start=1):
                said = said.replace(f"{{{number}}}", in_russian(part) or part)
            return said
    return None


def sentence(node: ast.AST) -> Iterator[str]:
    """The strings of an expression, what changes in them as ``{1}``, ``{2}`` ..."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.JoinedStr):
        text, number = "", 0
        for part in node.values:
            if isinstance(part, ast.Constant):
                text += str(part.value)
            else:
                number += 1
                percent = isinstance(part, ast.FormattedValue) and "%" in ast.dump(part)
                text += f"{{{number}}}" + ("%" if percent else "")
        yield text
    elif isinstance(node, ast.BinOp):
        for left in sentence(node.left):
            yield from (left + right for right in sentence(node.right))
    elif isinstance(node, ast.IfExp):
        yield from sentence(node.body)
        yield from sentence(node.orelse)
    elif isinstance(node, ast.BoolOp):
        for value in node.values:
            yield from sentence(value)


def told(node: ast.AST, *, by_rules: bool) -> list[ast.AST]:
    """The expressions of a node that hold a sentence; ``by_rules``: of the noise filter's code."""
    if isinstance(node, ast.keyword):
        return [node.value] if node.arg in NAMED else []
    if isinstance(node, ast.Assign):
        return [node.value] if getattr(node.targets[0], "id", "") in NAMED else []
    if isinstance(node, ast.Return) and node.value and by_rules:
        pairs = [x for x in ast.walk(node.value) if isinstance(x, ast.Tuple) and len(x.elts) == 2]
        return [x.elts[1] for x in pairs]
    if isinstance(node, ast.Call) and getattr(node.func, "id", "") in CALLED:
        return node.args[-1:]  # type: ignore[return-value]
    return []


def written(path: Path) -> Iterator[str]:
    """The sentences that the code in ``path`` writes for people to read."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        for expression in told(node, by_rules=path.parent.name == "noise"):
            yield from sentence(expression)


SENTENCES = sorted(
    {
        (path.parent.name, text)
        for path in FILES
        for text in written(path)
        if " " in text.strip() and re.search("[a-z]{2}", text)
    }
)


def test_there_are_sentences() -> None:
    assert len(SENTENCES) > 80


@pytest.mark.parametrize(("room", "text"), SENTENCES)
def test_every_sentence_of_the_stages_has_its_russian(room: str, text: str) -> None:
    # A part that may be empty stands right behind a word.
    filled = re.sub(r"(?<=read)\{1\}", ", declined from Аы", text)
    filled = re.sub(r"\{(\d)\}", "7", filled)
    found = in_russian(filled)
    assert found is not None, f"{room}: `{text}` is not in report/phrases.toml"
    assert re.search("[а-яё]", found), found


@pytest.mark.parametrize("text", [*_ADVICE.values(), *map(str, Language)])
def test_advice_and_languages_have_their_russian(text: str) -> None:
    assert in_russian(text) is not None


@pytest.mark.parametrize("english", sorted(phrases()))
def test_a_pair_has_the_same_holes(english: str) -> None:
    russian = phrases()[english]
    assert sorted(_HOLE.findall(english)) == sorted(_HOLE.findall(russian))
    left = re.sub(r"UTF-8|ocr\.language|ocr\.latin", "", russian)
    assert not re.search("[A-Za-z]{3}", left)


def test_parts_are_translated_too() -> None:
    assert in_russian("the lines above and below it make text likelier") == (
        "судя по соседним строкам, вероятнее текст"
    )
    assert in_russian("read from 'ЗОРИНУ': a known name, as read; number legible") == (
        "прочитано из 'ЗОРИНУ': известное имя, как прочитано; номер разборчив"
    )
