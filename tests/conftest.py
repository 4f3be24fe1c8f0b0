"""What all tests share."""

from pathlib import Path

import pytest
from hypothesis import settings

# The same examples in every run; a failure prints how to repeat it.
settings.register_profile("derive", derandomize=True, deadline=None, print_blob=True)
settings.load_profile("derive")


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout."""
    return Path(__file__).resolve().parent.parent
