"""Locks: what two programs may meet between opening a lock's file and locking it."""

import fcntl
import hashlib
import os
import re
import stat
from contextlib import ExitStack
from pathlib import Path

import pytest

from devicehub.errors import SafetyRefusal
from devicehub.ledger.locks import device_lock, in_session, is_driven, person_lock


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


def test_a_lock_whose_file_was_taken_away_is_given_back_all_the_same(locks: Path) -> None:
    with person_lock("Ann"):
        (file,) = locks.iterdir()
        file.unlink()
    assert not in_session("Ann")


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


def test_who_is_refused_is_told_which_process_to_end_and_how(locks: Path) -> None:
    with (
        person_lock("Ann"),
        pytest.raises(
            SafetyRefusal,
            match=rf"^ann is in another session \(process {os.getpid()}\)\n"
            r"end that one first: devicehub stop$",
        ),
        person_lock("ann"),
    ):
        pass
    assert list(locks.iterdir()) == []


@pytest.mark.parametrize(
    ("written", "holder"),
    [(b"", "starting"), (b"\xff7", "\ufffd7"), (b"1" * 21, "1" * 20)],
)
def test_whatever_the_holder_has_written_so_far_the_lock_holds(
    written: bytes, holder: str, locks: Path
) -> None:
    with person_lock("Ann"):
        (file,) = locks.iterdir()
        file.write_bytes(written)
        with pytest.raises(SafetyRefusal, match=rf"\(process {holder}\)"), person_lock("Ann"):
            pass
        assert file.read_bytes() == written


def test_a_lock_is_written_over_what_a_killed_program_left(locks: Path) -> None:
    with person_lock("Ann"):
        (file,) = locks.iterdir()
    file.write_text("9" * 20)
    with person_lock("Ann"):
        assert file.read_text(encoding="ascii") == str(os.getpid())


def test_only_this_user_may_look_at_a_lock(locks: Path) -> None:
    with person_lock("Ann"):
        (file,) = locks.iterdir()
        assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_every_version_of_this_program_locks_the_same_file(locks: Path) -> None:
    """Two of them may be at work at once, just after an update."""
    with person_lock(" Ann"), device_lock("c0:01", "unix:/air"):
        names = {file.name for file in locks.iterdir()}
    whats = (b"person ann", b"device unix:/air C0:01")
    assert names == {hashlib.sha256(what).hexdigest()[:32] for what in whats}


def test_bytes_that_are_no_text_can_be_locked_too(locks: Path) -> None:
    with person_lock("\udcff"):
        assert in_session("\udcff")
        assert len(list(locks.iterdir())) == 1


def test_a_massager_is_driven_by_one_session_however_its_address_is_written(locks: Path) -> None:
    with (
        device_lock("C0:0A", "air"),
        pytest.raises(SafetyRefusal, match=r"^c0:0a is driven by another session \(process "),
        device_lock("c0:0a", "air"),
    ):
        pass
    assert list(locks.iterdir()) == []


def test_one_address_on_two_airs_is_two_massagers(locks: Path) -> None:
    with device_lock("C0:0A", "air"), device_lock("C0:0A", "other"), device_lock("C0:0A"):
        assert len(list(locks.iterdir())) == 3


def test_a_person_is_no_massager(locks: Path) -> None:
    with person_lock("C0:0A"), device_lock("C0:0A"):
        assert all(re.fullmatch("[0-9a-f]{32}", file.name) for file in locks.iterdir())


def test_a_lock_is_given_back_even_where_its_file_cannot_be_removed(locks: Path) -> None:
    """Or it would stay open, and locked, until the program ends: the hygiene of tests says so."""
    held = ExitStack()
    held.enter_context(person_lock("Ann"))
    (file,) = locks.iterdir()
    file.unlink()
    file.mkdir()
    with pytest.raises(OSError):  # noqa: PT011 - of whatever kind
        held.close()


def test_whether_a_massager_is_driven_is_seen_without_taking_the_lock(locks: Path) -> None:
    assert not is_driven("C0:0A")
    with device_lock("C0:0A"), device_lock("C0:0B", "air"):
        assert is_driven("c0:0a")
        assert not is_driven("C0:0A", "air")
        assert is_driven("C0:0b", "air")
        assert len(list(locks.iterdir())) == 2
    assert not is_driven("C0:0A")
