"""Pages of files: running text, a list of addressees at the right, posts with their names."""

from __future__ import annotations

from typing import Any

import numpy as np

from pipeline.facsimile.content import Aside, Body, Paper, Passage
from pipeline.facsimile.prose import paragraph, sentence
from pipeline.facsimile.random_body import BodyStyle, random_body
from pipeline.facsimile.streams import one
from pipeline.facsimile.typesetting import SINGLE
from pipeline.model import LineKind
from pipeline.resources import facsimile as data
from pipeline.resources import language
from pipeline.resources.language import Person

_ROOM = 1890
"""Pixels (200 dpi) from the first baseline of a sheet to its last."""


_LONGER = 5
"""Letters by which an invented name may be longer than the one it stands for."""


def running_page(
    rng: np.random.Generator, style: BodyStyle, lines: int, look: dict[str, Any]
) -> Paper:
    """A page from the middle of a paper: its number, text with headings and points."""
    pages = data.pages()
    head = [Aside(text=_number(rng), kind=LineKind.PAGE_NUMBER, align="centre")]
    if rng.random() < 0.4:
        head.insert(0, Aside(text=one(rng, pages.corners), kind=LineKind.FORM, align="right"))
    first = max(2, round(lines * rng.uniform(0.3, 0.6)))
    body = list(random_body(rng, first, style, (False, False)))
    parted = rng.random()
    if parted < 0.4:
        title = f"{rng.integers(2, 9)}. {one(rng, pages.sections)}"
        body.append(Passage(heading=title))
    elif parted < 0.75:
        mark = one(rng, ("{}.", "{})", "- "))
        items = [mark.format(n + 1).strip() + " " + style.typed(sentence(rng)) for n in range(4)]
        body.append(Passage(items=tuple(items)))
    more: list[str | Passage] = []
    while style.fits([*body, *more], lines) and len(more) < 20:
        more.append(style.typed(paragraph(rng)))
    body += more[:-1] if len(more) > 1 else more
    while len(body) > 1 and not style.fits(body, lines):
        body.pop()
    return Paper(head=tuple(head), body=tuple(body), tail=(), signed=False, **look)


def addressees(
    rng: np.random.Generator, style: BodyStyle, lines: int, look: dict[str, Any]
) -> Paper:
    """The end of a paper, who signs it, and at the right a list of those whom it goes to."""
    pages = data.pages()
    people = _people(rng, int(rng.integers(7, 17)))
    capitals, signed = bool(rng.random() < 0.2), bool(rng.random() < 0.75)
    body = random_body(rng, lines, style, (False, False))
    step = SINGLE / look["leading"]
    listed = _list(rng, people, step, capitals=capitals)
    signer = one(rng, language.names().people)
    tail: list[Aside] = []
    post = one(rng, pages.signers)
    if signed:
        tail.append(Aside(text=post, kind=LineKind.SIGNATURE, align="left", gap=2.0))
        name = f"{_initials(rng)[:2]}{signer.name.upper()}"
        tail.append(Aside(text=name, kind=LineKind.SIGNATURE, align="right"))
    marks = (Aside(text=one(rng, ("ОВ/I", "2 экз.", "Исп.")), kind=LineKind.FORM, gap=1.5),)
    names = tuple(p.name.upper() if capitals else p.name for p in people)
    above = rng.random() < 0.35
    head = (*listed, Aside(text=one(rng, data.phrases().letter_titles), kind=LineKind.HEADING,
                           align="centre", gap=2.0)) if above else (
        Aside(text=_number(rng), kind=LineKind.PAGE_NUMBER, align="right"),)  # fmt: skip
    after = () if above else listed
    return Paper(
        head=head,
        body=body,
        tail=(*tail, *after, *marks),
        signed=signed,
        addressees=names,
        signature=signer.name.upper() if signed else "",
        signature_post=post if signed else "",
        **look,
    )


def posts(rng: np.random.Generator, style: BodyStyle, lines: int, look: dict[str, Any]) -> Paper:
    """Posts at the left and who holds them at the right, or names first; both wrapped."""
    pages = data.pages()
    people = _people(rng, max(4, lines // 2))
    held = [str(x) for x in rng.permutation(pages.posts)[: len(people)]]
    full = [f"{person.name} {_initials(rng)}" for person in people]
    dash = one(rng, ("- ", "- ", ""))
    if rng.random() < 0.6:
        pairs = tuple((post, dash + name) for post, name in zip(held, full, strict=False))
        longest = max(len(x) for _, x in pairs) + _LONGER
        first = max(16, style.width - longest - int(rng.integers(0, 6)))
    else:
        pairs = tuple((name, dash + post) for post, name in zip(held, full, strict=False))
        first = max(len(x) for x, _ in pairs) + _LONGER + int(rng.integers(2, 5))
    title = Aside(text=one(rng, pages.post_titles), kind=LineKind.HEADING, align="centre")
    count = len(pairs)
    intro = [style.typed(sentence(rng)[:-1] + ":")] if rng.random() < 0.5 else []
    while count > 3 and not style.fits([*intro, Passage(pairs=pairs[:count], first=first)], lines):
        count -= 1
    body: Body = (*intro, Passage(pairs=pairs[:count], first=first))
    return Paper(head=(title,), body=body, tail=(), signed=False, **look)


def _list(
    rng: np.random.Generator, people: list[Person], step: float, *, capitals: bool
) -> list[Aside]:
    """The lines of a list of addressees, one below the other at the right."""
    pages = data.pages()
    lead = one(rng, pages.list_heads)
    comma = one(rng, ("", ",", ""))
    rows = []
    if rng.random() < 0.5:
        row = one(rng, pages.bodies)
        rows.append(Aside(text=row, kind=LineKind.ADDRESSEE, align="right", gap=2.0))
    for place, person in enumerate(people):
        dative = person.dative.upper() if capitals else person.dative
        last = place == len(people) - 1
        row = (lead if place == 0 else " " * len(lead)) + dative + ("" if last else comma)
        gap = max(step, 1.0) if place == 0 and rows else (step if place else 2.0)
        rows.append(Aside(text=row, kind=LineKind.ADDRESSEE, align="right", gap=gap))
    return rows


def _people(rng: np.random.Generator, count: int) -> list[Person]:
    known = language.names().people
    return [known[place] for place in rng.permutation(len(known))[:count]]


def _initials(rng: np.random.Generator) -> str:
    return f"{one(rng, 'АБВГИМНПС')}.{one(rng, 'АБВГИМНПС')}."


def _number(rng: np.random.Generator) -> str:
    return one(rng, ("- {} -", "{}.", "{}", "- {} -")).format(int(rng.integers(2, 60)))
