"""Locks: what two programs may meet between opening a lock's file and locking it."""

import fcntl
from pathlib import Path

import pytest

from devicehub.errors import SafetyRefusal
from devicehub.ledger.locks import in_session, person_lock


@pytest.fixture
def locks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    return tmp_path / "devicehub" / "ledger" / "locks"


def test_a_lock_leaves_no_file_and_names_nobody(locks: Path) -> None:
    with person_lock("Wilhelmina"):
        (file,) = locks.iterdir()
        assert "ilhelmina" not in file.name + file.read_text(encoding="ascii")
    assert list(locks.iterdir()) == []


def test_a_lock_on_a_file_that_has_lost_its_name_is_none(
    locks: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock, lost = fcntl.flock, list[Path]()

    def late(file: int, how: int) -> None:
        """Lock, just after the holder before us has removed the file."""
        if not lost:
            lost.extend(locks.iterdir())
            lost[0].unlink()
        lock(file, how)

    monkeypatch.setattr(fcntl, "flock", late)
    with person_lock("Ann"):
        assert lost
        assert list(locks.iterdir()) == lost
        with pytest.raises(SafetyRefusal, match="Ann is in another session"), person_lock("Ann"):
            pass


def test_whether_a_session_is_open_is_seen_without_taking_the_lock(locks: Path) -> None:
    assert not in_session("Ann")
    with person_lock("Ann"):
        assert in_session(" ann")
        assert not in_session("Bob")
        (file,) = locks.iterdir()
    file.write_text("1")  # what a program that was killed leaves behind
    assert not in_session("Ann")
    with person_lock("Ann"):
        assert in_session("Ann")
