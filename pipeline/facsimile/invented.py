"""Names that no table of ``config/`` has, in place of those that it has."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

import msgspec
import numpy as np
import regex

from pipeline.facsimile.streams import one
from pipeline.resources import facsimile as data
from pipeline.resources import language

_Struct = TypeVar("_Struct", bound=msgspec.Struct)


def with_invented_names(content: _Struct, rng: np.random.Generator) -> _Struct:
    """Exchange most people, clerks and places in all texts of ``content`` for invented ones.

    Each name becomes the same other one wherever it stands, in the case it stands in.
    """
    forms = _exchanges(rng)
    forms |= {old.upper(): new.upper() for old, new in forms.items()}
    longest = sorted(map(regex.escape, forms), key=len, reverse=True)
    name = regex.compile(rf"(?<![\p{{L}}-])(?:{'|'.join(longest)})(?![\p{{L}}-])")
    plain = _mapped(msgspec.to_builtins(content), name, forms)
    return msgspec.convert(plain, type(content), strict=False)


def _exchanges(rng: np.random.Generator) -> dict[str, str]:
    """Forms of the names that are exchanged, and the same forms of the others."""
    table, pages = language.names(), data.pages()
    forms: dict[str, str] = {}
    stems = [str(stem) for stem in rng.permutation(pages.stems)]
    for person in table.people:
        # Where nominative and dative are the same nobody can tell which one stands there.
        if person.name != person.dative and stems and rng.random() < pages.outside:
            stem = stems.pop()
            other = [stem + end for end in one(rng, pages.endings)]
            old = (person.name, person.genitive, person.dative)
            forms |= dict(zip(reversed(old), reversed(other), strict=True))
    for clerk in table.clerks:
        if stems and rng.random() < pages.outside:
            forms[clerk] = stems.pop() + one(rng, pages.endings)[0]
    places = list(rng.permutation(len(pages.places)))
    for office in table.offices:
        if places and office.name != office.typed and rng.random() < pages.outside:
            name, genitive = pages.places[int(places.pop())]
            forms |= {office.name: name, office.typed: genitive}
            forms |= {
                office.name.capitalize(): name.title(),
                office.typed.capitalize(): genitive.title(),
            }
    return forms


def _mapped(value: Any, name: regex.Pattern[str], forms: Mapping[str, str]) -> Any:
    if isinstance(value, str):
        return name.sub(lambda found: forms[found.group()], value)
    if isinstance(value, dict):
        return {key: _mapped(x, name, forms) for key, x in value.items()}
    if isinstance(value, list | tuple):
        return [_mapped(x, name, forms) for x in value]
    return value
