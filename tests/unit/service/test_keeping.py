"""Keeping: a thread writes the history; a disk that does not take it costs the history alone."""

import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import pytest

from devicehub.ledger.history import Bounds, History
from devicehub.service import keeping
from devicehub.service.keeping import MOST_WAITING, Keeping
from tests.unit.ledger.test_history import BOOT, NOW_S, happening, past

pytestmark = pytest.mark.wallclock


@contextmanager
def kept(path: Path, bounds: Bounds | None = None) -> Generator[tuple[Keeping, list[str]]]:
    told: list[str] = []
    one = Keeping(path, BOOT, bounds or Bounds(), lambda: NOW_S, told.append)
    try:
        yield one, told
    finally:
        one.close()


def seqs(path: Path) -> list[int]:
    glance = History.glanced_at(path)
    try:
        return [one.seq for one in glance.since(BOOT, 0)]
    finally:
        glance.close()


def until(what: list[str]) -> None:
    while not what:
        time.sleep(0.005)


def test_what_happens_is_in_the_file_when_it_is_closed(tmp_path: Path) -> None:
    path = tmp_path / "history.sqlite"
    with kept(path) as (one, told):
        for seq in range(1, 50):
            one.happened(happening(seq))
        one.ended(past())
    assert (seqs(path), told) == (list(range(1, 50)), [])
    glance = History.glanced_at(path)
    assert glance.sessions() == (past(),)
    glance.close()


def test_it_is_trimmed(tmp_path: Path) -> None:
    path = tmp_path / "history.sqlite"
    with kept(path, Bounds(days=1, events=100)) as (one, _):
        for seq in range(1, 301):
            one.happened(happening(seq))
    assert seqs(path) == list(range(201, 301))


def test_a_disk_that_takes_nothing_is_told_once_and_what_waits_is_written_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, "RETRY_S", 0.01)
    monkeypatch.setattr(keeping, "BATCH_S", 0.01)
    folder = tmp_path / "folder"
    folder.write_text("a file where the folder should be")
    path = folder / "history.sqlite"
    with kept(path) as (one, told):
        one.happened(happening(1))
        until(told)
        one.happened(happening(2))
        time.sleep(0.05)
        folder.unlink()
    assert seqs(path) == [1, 2]
    (line,) = told
    assert line.startswith(f"{path}: the history cannot be kept: ")


def test_a_damaged_one_is_told_and_begun_anew(tmp_path: Path) -> None:
    path = tmp_path / "history.sqlite"
    path.write_bytes(b"junk" * 500)
    with kept(path) as (one, told):
        one.happened(happening(1))
    assert told == [f"{path}: the history was damaged; it is now history.sqlite.damaged-1"]
    assert seqs(path) == [1]


def test_who_is_told_may_fail(tmp_path: Path) -> None:
    def fail(_: str) -> None:
        raise RuntimeError

    folder = tmp_path / "folder"
    folder.write_text("")
    one = Keeping(folder / "history.sqlite", BOOT, Bounds(), lambda: NOW_S, fail)
    one.happened(happening(1))
    one.close()
    assert one.trouble is not None


def test_what_waits_is_bounded_and_the_newest_stays(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.write_text("")
    path = folder / "history.sqlite"
    with kept(path) as (one, _):
        for seq in range(1, MOST_WAITING + 101):
            one.happened(happening(seq))
        folder.unlink()
    assert seqs(path)[-1] == MOST_WAITING + 100
    assert len(seqs(path)) <= MOST_WAITING
