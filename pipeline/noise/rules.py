"""All rules of the noise filter, in the order in which they are documented.

A rule takes the line's :class:`~pipeline.noise.features.Features` and its
:class:`~pipeline.noise.features.Neighbours` and returns ``(strength 0..1, evidence in plain
words)``, or ``None`` where it has nothing to say. What it weighs for each kind of line stands
under its name in ``config/fitted/noise.toml``. To add a rule: write the function in the file it
belongs to, list it here, fit the weights anew (``pipeline/training/fit_noise.py``), add a case
under ``tests/cases/noise/``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.model import Line
from pipeline.noise import form_rules, place_rules, reader_rules, text_rules
from pipeline.noise.features import Features, Neighbours, Rule, View, view_of

RULES: tuple[Rule, ...] = (
    text_rules.russian_words,
    text_rules.likely_letters,
    text_rules.several_words,
    text_rules.broken_letters,
    text_rules.figures,
    text_rules.latin_text,
    text_rules.foreign_letters,
    text_rules.odd_scripts,
    text_rules.fragments,
    text_rules.columns,
    text_rules.leaders,
    text_rules.no_letters,
    text_rules.few_letters,
    text_rules.full_line,
    text_rules.capitals,
    text_rules.sentence_end,
    text_rules.small_start,
    text_rules.number_alone,
    text_rules.program_text,
    form_rules.letterhead_words,
    form_rules.head_line,
    form_rules.table_marks,
    form_rules.split_names,
    form_rules.dative_name,
    form_rules.ruled_signs,
    form_rules.special_numbers,
    form_rules.urgency_word,
    form_rules.addressee_words,
    form_rules.salutation_words,
    form_rules.foot_words,
    form_rules.closing_words,
    form_rules.person_alone,
    form_rules.date_alone,
    form_rules.page_number,
    form_rules.stamp_words,
    form_rules.note_words,
    place_rules.hyphen_part,
    place_rules.between_text,
    place_rules.breaks_in,
    place_rules.typed_look,
    place_rules.other_size,
    place_rules.drawn_look,
    place_rules.ruled_area,
    place_rules.stamp_place,
    place_rules.off_pitch,
    place_rules.off_size,
    place_rules.outside_column,
    place_rules.beside_text,
    place_rules.page_top,
    place_rules.page_bottom,
    reader_rules.certain_type,
    reader_rules.certain_marks,
    reader_rules.doubted_type,
    reader_rules.typed_latin,
    reader_rules.readers_differ,
    reader_rules.engine_doubts,
    reader_rules.no_type,
)


NAMES = tuple(rule.__name__ for rule in RULES)
"""Names of all rules, in the order of the matrix's columns."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Evidence:
    """``strengths``: ``(N, R)``, 0.0-1.0; ``words``: for each line, rule number to evidence."""

    view: View
    strengths: NDArray[np.float64]
    words: tuple[dict[int, str], ...]


def gather(lines: Sequence[Line], height: int | None) -> Evidence:
    """The evidence on one page of ``lines`` (at least one); ``height`` of its scan in pixels."""
    view = view_of([Features(line) for line in lines], height)
    strengths = np.zeros((len(lines), len(RULES)))
    words: list[dict[int, str]] = []
    for index, features in enumerate(view.lines):
        near = Neighbours(view=view, index=index)
        said: dict[int, str] = {}
        for number, rule in enumerate(RULES):
            finding = rule(features, near)
            if finding is not None:
                strengths[index, number] = min(1.0, finding[0])
                said[number] = finding[1]
        words.append(said)
    return Evidence(view=view, strengths=strengths, words=tuple(words))
