"""The list of what is retained at a broker, from run to run."""

from pathlib import Path

import pytest

from devicehub.publish.manifest import Manifest, file_for
from devicehub.publish.shelf import Shelf


def drained(shelf: Shelf) -> list[tuple[str, bytes]]:
    """Send everything that waits, and return it."""
    sent: list[tuple[str, bytes]] = []
    while (message := shelf.unsent()) is not None:
        shelf.sent(message)
        sent.append((message.topic, message.payload))
    return sent


def test_what_was_kept_is_known_in_the_next_run(tmp_path: Path) -> None:
    file = file_for(tmp_path / "mqtt", "mqtt://localhost:1883")
    Manifest(file).keep(["b", "a"])
    assert Manifest(file).topics == {"a", "b"}


def test_another_broker_has_a_list_of_its_own(tmp_path: Path) -> None:
    one, other = (file_for(tmp_path, f"mqtt://{host}:1883") for host in ("localhost", "there"))
    assert one != other
    assert "there" not in other.name


def test_what_does_not_change_is_not_written_again(tmp_path: Path) -> None:
    file = tmp_path / "list.json"
    kept = Manifest(file)
    kept.keep(["a"])
    file.unlink()
    kept.keep(["a"])
    assert not file.exists()


@pytest.mark.parametrize(
    "text", ["", "nonsense", '{"a": 1}', "[" * 100_000, '[1, null, "", "a/#", "+/b"]', "\udcff"]
)
def test_a_file_that_is_none_of_ours_lists_nothing(text: str, tmp_path: Path) -> None:
    file = tmp_path / "list.json"
    file.write_bytes(text.encode(errors="surrogateescape"))
    assert Manifest(file).topics == frozenset()


def test_a_file_that_cannot_be_written_is_told_once(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("", encoding="utf-8")
    told: list[str] = []
    kept = Manifest(tmp_path / "taken" / "list.json", told.append)
    kept.keep(["a"])
    kept.keep(["b"])
    assert len(told) == 1
    assert kept.topics == {"b"}


def test_what_an_earlier_run_left_and_nobody_tells_any_more_is_emptied() -> None:
    shelf = Shelf()
    shelf.haunt(["gone", "here"])
    shelf.put_raw("here", b"1")
    shelf.keep_only(["here"])
    assert drained(shelf) == [("here", b"1"), ("gone", b"")]
    assert shelf.topics == {"here"}


def test_a_ghost_stays_listed_until_the_broker_has_let_it_go() -> None:
    shelf = Shelf()
    shelf.haunt(["gone"])
    shelf.keep_only([])
    assert shelf.topics == {"gone"}
    drained(shelf)
    assert shelf.topics == frozenset()
