"""Schemas as checks: what is wrong with a file, in words."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Check = Callable[[bytes], list[str]]
"""What a schema finds wrong with a file; nothing where it is valid."""


def relax_ng(path: Path) -> Check:
    """A check against a RelaxNG schema."""
    etree = pytest.importorskip("lxml.etree")
    return _check(etree.RelaxNG(etree.parse(str(path))))


def xsd(folder: Path, name: str) -> Check:
    """A check against an XML Schema; what it imports stands beside it."""
    etree = pytest.importorskip("lxml.etree")

    def resolve(self: Any, url: str, public: str, context: Any) -> Any:
        """XLink from beside the schema: nothing is fetched."""
        del public
        return self.resolve_filename(str(folder / "xlink.xsd"), context) if "xlink" in url else None

    local = type("Local", (etree.Resolver,), {"resolve": resolve})
    parser = etree.XMLParser(no_network=True)
    parser.resolvers.add(local())
    return _check(etree.XMLSchema(etree.parse(str(folder / name), parser)))


def _check(schema: Any) -> Check:
    etree = pytest.importorskip("lxml.etree")

    def check(data: bytes) -> list[str]:
        try:
            tree = etree.fromstring(data)
        except etree.XMLSyntaxError as error:
            return [str(error)]
        if schema.validate(tree):
            return []
        return [f"{found.line}: {found.message}" for found in schema.error_log]

    return check
