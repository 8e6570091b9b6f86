"""Fixtures shared by all rooms."""

from __future__ import annotations

import os
from pathlib import Path

import hypothesis
import pytest

# The same examples for everyone, so that a run tells of the code and not of its luck;
# RUPTURECODE_RANDOM=1 searches further.
hypothesis.settings.register_profile("same", derandomize=True)
if not os.environ.get("RUPTURECODE_RANDOM"):
    hypothesis.settings.load_profile("same")

_SHARED = Path(__file__).resolve().parents[2] / "shared"


def _outside(variable: str, folder: str) -> Path:
    path = Path(os.environ.get(variable, _SHARED / folder))
    if not path.is_dir():
        pytest.skip(f"{variable} is not set and {folder}/ does not lie beside the checkout")
    return path


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Real files we did not write; absent on most machines."""
    return _outside("RUPTURECODE_DATA", "data")


@pytest.fixture(scope="session")
def shared_reference() -> Path:
    """Published worked examples with their values; absent on most machines."""
    return _outside("RUPTURECODE_REFERENCE", "reference")
