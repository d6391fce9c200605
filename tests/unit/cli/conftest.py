"""What the tests of the command line share."""

from pathlib import Path

import pytest

from tests.unit.cli.persons import Shell


@pytest.fixture
def person(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Shell:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    return Shell(capsys)
