"""A printed form filled in by machine, off the lines."""

from __future__ import annotations

from typing import Any

import numpy as np

from pipeline.facsimile.content import Questionnaire
from pipeline.facsimile.prose import filled
from pipeline.facsimile.random_body import BodyStyle, random_body
from pipeline.facsimile.sheet import WIDTH, Sheet
from pipeline.facsimile.streams import one
from pipeline.facsimile.typesetting import LEFT, STORY_TOP
from pipeline.model import LineKind
from pipeline.resources import facsimile as data
from pipeline.resources import language

_RIGHT = WIDTH - 150
_TITLE_Y, _FIRST_Y, _STEP = 190, 320, 68
_RULES_STEP, _RULES_END = 47, 1960
_ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")


def random_questionnaire(
    rng: np.random.Generator, style: BodyStyle, lines: int, look: dict[str, Any]
) -> Questionnaire:
    """Fill in a form: answers, a story of about ``lines`` typed lines, who signed and when."""
    pages = data.pages()
    signer = one(rng, language.names().people)
    answers = tuple(
        (question.label, style.typed(_answer(one(rng, question.answers), rng)))
        for question in pages.questions
    )
    day, month, year = rng.integers(1, 29), one(rng, _ROMAN), int(rng.integers(1942, 1949))
    return Questionnaire(
        title=one(rng, pages.form_titles),
        answers=answers,
        story_title=one(rng, pages.form_story),
        story=random_body(rng, lines, style, (False, False)),
        signature_post=one(rng, data.phrases().posts).upper(),
        signature=f"/{signer.name.upper()}/",
        signature_name=signer.name.upper(),
        dated=style.typed(f"{day}.{month}.{year} г."),
        **look,
    )


def _answer(pattern: str, rng: np.random.Generator) -> str:
    pages = data.pages()
    person = one(rng, language.names().people).name
    full = f"{person} {one(rng, pages.first_names)} {one(rng, pages.patronymics)}"
    with_person = pattern.replace("{person}", full).replace("{rank}", one(rng, pages.ranks))
    return filled(with_person, rng)


def fill_in(sheet: Sheet, form: Questionnaire, off: float) -> None:
    """Print the form, and type its answers ``off`` pixels (200 dpi) above or below its lines."""
    title_at = (WIDTH - 26 * len(form.title)) / 2
    with sheet.line(form.title, LineKind.FORM, _TITLE_Y):
        sheet.print(form.title, title_at, _TITLE_Y, 46, "printed_bold")
    for place, (label, answer) in enumerate(form.answers):
        _question(sheet, label, answer, _FIRST_Y + _STEP * place, off)
    y = STORY_TOP - 62
    with sheet.line(form.story_title, LineKind.FORM, y):
        sheet.print(form.story_title, LEFT + 260, y, 34, "printed_bold")
    # The typist's lines are closer than the printer's: these run through the letters.
    for rule in range(STORY_TOP, _RULES_END, _RULES_STEP):
        sheet.rule(LEFT - 50, rule + 6, _RIGHT, rule + 6)


def sign(sheet: Sheet, form: Questionnaire, below: float) -> None:
    """Type who signed, and when, under the last line of the story."""
    y = max(below + 75, 1560.0)
    at = LEFT + 620
    for text, x, dy, kind in (
        (form.signature_post, LEFT, 0, LineKind.SIGNATURE),
        (form.signature, at, 62, LineKind.SIGNATURE),
        (form.dated, LEFT, 124, LineKind.FORM),
    ):
        with sheet.line(text, kind, y + dy):
            sheet.type(text, x, y + dy)


def _question(sheet: Sheet, label: str, answer: str, y: float, off: float) -> None:
    shift = float(sheet.rng.normal(off, 1.5))
    with sheet.line(f"{label} {answer}", LineKind.FORM, y):
        x = LEFT - 40 + sheet.print(label, LEFT - 40, y, 32)
        sheet.type(answer, x + sheet.pitch * (0.6 + sheet.rng.random()), y + shift)
    sheet.rule(x + 8, y + 7, _RIGHT, y + 7, dotted=bool(sheet.rng.random() < 0.3))
