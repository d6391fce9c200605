from importlib import resources

import pytest

from devicehub.safety import limits as table
from devicehub.safety.limits import Limits


@pytest.fixture(scope="session")
def limits() -> Limits:
    return table.load()


@pytest.fixture
def anew() -> Limits:
    """The packaged table, read by the test itself: `load` reads it once in a process."""
    file = resources.files("devicehub.safety").joinpath("zones.json")
    return table.parse(file.read_text(encoding="utf-8"), "zones.json")
