"""The frozen benchmark sets (``config/facsimile/sets.toml``)."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import UsageError
from pipeline.facsimile.content import Content, Questionnaire
from pipeline.facsimile.faces import typewriter
from pipeline.facsimile.levels import severities
from pipeline.facsimile.maker import draw_sheet, levels_of, write_facsimile
from pipeline.facsimile.random_content import ContentSpec, make_content
from pipeline.facsimile.rows import SheetPlan, TypedRow
from pipeline.facsimile.traits import draw_traits
from pipeline.facsimile.truth import fields_of
from pipeline.facsimile.typesetting import plan
from pipeline.resources import facsimile as data
from pipeline.resources.facsimile import SetOfPages


@dataclass(frozen=True, slots=True, kw_only=True)
class SetPage:
    """One page of a set, before it is drawn: sheet ``sheets[index]`` of ``content``."""

    stem: str
    severity: int
    seed: int
    content: Content
    sheets: tuple[SheetPlan, ...]
    index: int


def set_names() -> tuple[str, ...]:
    """The names of the sets."""
    return tuple(data.sets().sets)


def make_set(name: str, out: Path) -> tuple[Path, ...]:
    """Draw the set ``name`` into ``out`` and give its pictures' paths, severity by severity.

    Pictures are ``NAME-sSEVERITY-NUMBER-KIND`` (``...-p2`` for a second sheet) with the
    suffix ``.jpg``, ``.png`` or ``.tif``, each with its ``.gt.txt`` and ``.gt.json``.

    Raises:
        UsageError: there is no such set.
        ConfigError: ``config/facsimile/sets.toml`` has an unknown key or a wrong value.
        DependencyMissingError: a font is not installed.
        OutputError: ``out`` cannot be written.

    """
    return tuple(
        write_facsimile(
            out,
            page.stem,
            draw_sheet(page.content, page.sheets, page.index, page.severity, page.seed),
        )
        for page in set_pages(name)
    )


def set_pages(name: str) -> Iterator[SetPage]:
    """The pages of the set ``name`` in their order, not drawn. Raises as :func:`make_set`."""
    chosen = _set(name)
    sets = data.sets()
    documents = sets.further_documents if chosen.further else sets.documents
    for face in chosen.faces:
        typewriter(face)
    for severity in range(severities()):
        for number, document in enumerate(documents, start=1):
            seed = chosen.seed + 100 * severity + number
            spec = ContentSpec(
                kind=document.kind,
                faces=chosen.faces,
                lines=document.lines,
                figures=document.figures,
                verse=document.verse,
                traits=document.traits,
            )
            content = make_content(seed, spec)
            sheets = plan(content, seed)
            for index in range(len(sheets)):
                more = f"-p{index + 1}" if index else ""
                yield SetPage(
                    stem=f"{name}-s{severity}-{number:02}-{document.kind}{more}",
                    severity=severity,
                    seed=seed,
                    content=content,
                    sheets=sheets,
                    index=index,
                )


def digests(name: str) -> tuple[str, str]:
    """What is typed on the pages of a set, and what is done to them, as two digests.

    The first covers every typed line's kind and text, what is struck over, and the fields of
    the forms; the second every page's drawn levels of damage. Raises as :func:`make_set`.
    """
    texts: list[list[object]] = []
    damage: list[list[object]] = []
    for page in set_pages(name):
        planned = page.sheets[page.index]
        rows = [_row(spot.row, further=_set(name).further) for spot in planned.all_spots]
        content = page.content
        fields = fields_of(content, planned.number, last=planned.last)
        texts.append([page.stem, content.typewriter, content.pitch, content.ones, rows, fields])
        levels = levels_of(page.severity, page.seed, page.index + 1)
        done = {k: round(float(v), 6) for k, v in dataclasses.asdict(levels).items()}
        damage.append([page.stem, done])
        if _set(name).further:
            texts[-1] += [content.second, _typed_in(content)]
            traits = draw_traits(content.traits, page.severity, page.seed, planned.number)
            damage[-1].append(_plain(dataclasses.asdict(traits)))
    return _digest(texts), _digest(damage)


def _row(row: TypedRow, *, further: bool) -> list[object]:
    facts = [row.kind, row.text, row.under, row.lined, row.indent]
    return [*facts, row.written, row.second] if further else facts


def _typed_in(content: Content) -> object:
    """What is typed into a printed form; of other contents the rows say it all."""
    if not isinstance(content, Questionnaire):
        return []
    return [content.title, content.answers, content.story_title, content.dated]


def _plain(value: object) -> object:
    """``value`` with all numbers rounded as those of the levels are."""
    if isinstance(value, float):
        return round(value, 6)
    if isinstance(value, dict):
        return {key: _plain(x) for key, x in value.items()}
    return [_plain(x) for x in value] if isinstance(value, list | tuple) else value


def stored_digests(name: str) -> tuple[str, str]:
    """The digests that ``config/facsimile/sets.toml`` has. Raises as :func:`make_set`."""
    chosen = _set(name)
    return chosen.texts, chosen.damage


def _digest(value: object) -> str:
    data = json.dumps(value, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(data.encode()).hexdigest()[:16]


def _set(name: str) -> SetOfPages:
    sets = data.sets().sets
    if name not in sets:
        raise UsageError("--set", f"there is no set `{name}`; there are {', '.join(sets)}")
    return sets[name]
