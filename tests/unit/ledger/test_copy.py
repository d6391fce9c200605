"""A copy of this user's ledger: what a dry run looks at, and the original does not notice."""

import shutil
from pathlib import Path

import pytest

from devicehub.ledger import files
from devicehub.ledger.folder import ledger_path
from devicehub.ledger.ledger import Ledger
from devicehub.ledger.locked import LedgerDamaged
from devicehub.safety.past import Exposure, Received
from tests.unit.ledger.moments import Computer

ANN = "Ann"
PLACE = ("rhomboid", "left")


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))


def play(ledger: Ledger, seconds: float) -> None:
    used = Exposure({PLACE: Received(seconds)}, seconds)
    now = Computer().now
    ledger.end(ledger.begin(ANN, now), used, now)


def played_s(ledger: Ledger) -> float:
    return ledger.past(ANN, Computer().now).exposure.places[PLACE].seconds


def every_byte(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir()}


def with_ann() -> Path:
    """Have a ledger that knows Ann, who had a minute; return its file."""
    with Ledger.open() as ledger:
        ledger.add(ANN)
        play(ledger, 60.0)
    return ledger_path()


def test_the_ledger_of_this_user_is_where_it_is_looked_for(tmp_path: Path) -> None:
    assert with_ann() == tmp_path / "devicehub" / "ledger" / "ledger.sqlite"
    assert ledger_path().exists()


def test_a_copy_knows_what_the_ledger_knows() -> None:
    with_ann()
    with Ledger.copied() as copy:
        assert played_s(copy) == 60.0


def test_a_copy_is_kept_in_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with_ann()
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    with Ledger.copied() as copy, Ledger.in_memory() as other:
        play(copy, 30.0)
        other.add("Bob")
    assert list(here.iterdir()) == []


def test_what_happens_to_a_copy_does_not_happen_to_the_ledger() -> None:
    path = with_ann()
    before, changed_ns = every_byte(path.parent), path.parent.stat().st_mtime_ns
    with Ledger.copied() as copy:
        assert path.parent.stat().st_mtime_ns == changed_ns  # not even for a moment
        play(copy, 30.0)
        copy.add("Bob")
        assert played_s(copy) == 90.0
        assert every_byte(path.parent) == before
    assert every_byte(path.parent) == before


def test_a_copy_of_a_ledger_in_use_has_what_was_just_written() -> None:
    with_ann()
    with Ledger.open() as ledger:
        play(ledger, 30.0)
        with Ledger.copied() as copy:
            assert played_s(copy) == 90.0


def test_a_copy_of_a_ledger_whose_program_was_killed_leaves_its_log_alone(tmp_path: Path) -> None:
    path = with_ann()
    killed = tmp_path / "killed"
    with Ledger.open() as ledger:
        play(ledger, 30.0)
        killed.mkdir()
        for file in (path, files.log_of(path)):
            shutil.copy(file, killed)
    for file in killed.iterdir():
        shutil.copy(file, path.parent)
    before = every_byte(killed)
    with Ledger.copied() as copy:
        assert played_s(copy) == 90.0
    after = every_byte(path.parent)
    assert {name: after[name] for name in before} == before


def test_a_copy_of_what_is_not_there_is_empty_and_makes_nothing(tmp_path: Path) -> None:
    with Ledger.copied() as copy:
        assert copy.people() == ()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("content", [b"", b"hello " * 100])
def test_a_ledger_that_cannot_be_trusted_is_not_copied(content: bytes) -> None:
    path = with_ann()
    path.write_bytes(content)
    with pytest.raises(LedgerDamaged) as caught:
        Ledger.copied()
    assert str(caught.value).startswith(f"{path}: ")


def test_a_copy_says_whose_copy_it_is() -> None:
    """So that whoever is refused by a dry run knows which file to look at."""
    path = with_ann()
    copy = Ledger.copied()
    copy.close()
    with pytest.raises(Exception, match=rf"^{path}: this program used the ledger wrongly"):
        copy.people()
