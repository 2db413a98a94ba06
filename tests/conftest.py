"""Fixtures for all tests."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import settings

# On a busy machine an example may take seconds: time says nothing about what is tested.
settings.register_profile("depesha", deadline=None)
settings.load_profile("depesha")

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout."""
    return ROOT


@pytest.fixture(scope="session")
def real() -> Path:
    """The folder of real material beside the checkout; tests skip where it is missing."""
    folder = ROOT.parent / "shared" / "real"
    if not folder.is_dir():
        pytest.skip("the real material is not beside this checkout")
    return folder
