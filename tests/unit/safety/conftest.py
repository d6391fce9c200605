import pytest

from devicehub.safety import limits as table
from devicehub.safety.limits import Limits


@pytest.fixture(scope="session")
def limits() -> Limits:
    return table.load()
