"""A ledger that replaces a lost one: whatever a body may have had, it has had."""

from contextlib import closing
from pathlib import Path

import pytest

from devicehub.errors import UsageError
from devicehub.ledger import files, lost
from devicehub.ledger.folder import ledger_path
from devicehub.ledger.ledger import Ledger
from devicehub.ledger.locked import LedgerDamaged
from devicehub.ledger.repair import Condition, condition, renew
from devicehub.safety.limits import load
from devicehub.safety.past import Exposure, Past, Received
from tests.unit.ledger.moments import DAY_S, HOUR_S, Computer


def test_of_a_body_of_which_nothing_is_known_every_place_is_used_up() -> None:
    full = Received(DAY_S, DAY_S)
    sides = {"bilateral": ("left", "right")}
    places = {
        (zone.id, side): full
        for zone in load().zones.values()
        for side in sides.get(zone.side, (zone.side,))
    }
    assert {side for _, side in places} == {"left", "right", "midline", "unknown"}
    assert lost.everything_used() == Past(
        exposure=Exposure(places, DAY_S, dict.fromkeys(load().classes, DAY_S), DAY_S),
        sessions=int(DAY_S),
        last_ended_ago_s=0.0,
        last_active_s=DAY_S,
        heat_ended_ago_s=0.0,
    )


@pytest.mark.parametrize(
    ("left_s", "words"), [(DAY_S, "24.0 h"), (1.5 * HOUR_S, "1.5 h"), (180.0, "0.1 h")]
)
def test_who_is_refused_is_told_for_how_long(left_s: float, words: str) -> None:
    assert str(lost.locked("the file", left_s)) == (
        "the file: replaces one that was lost, and what that one knew is not known\n"
        f"nobody plays for another {words}"
    )


@pytest.mark.parametrize(("clock_s", "left_s"), [(5000.0, DAY_S - 1400.0), (DAY_S + 3600.0, 0.0)])
def test_the_day_is_counted_from_when_the_ledger_was_replaced(
    clock_s: float, left_s: float
) -> None:
    with closing(files.connect(":memory:")) as db:
        files.lay_out(db)
        db.execute("INSERT INTO anchor VALUES (1, ?, 0, 0, 'boot', 3600)", (clock_s,))
        assert lost.locked_for_s(db, clock_s) == left_s


def test_the_refusal_names_the_file(tmp_path: Path) -> None:
    path, now = tmp_path / "ledger.sqlite", Computer().now
    path.touch()
    renew(now, path)
    with Ledger.open(path) as ledger:
        ledger.add("Ann")
        for refused in (lambda: ledger.begin("Ann", now), lambda: ledger.refuse_lost(now)):
            with pytest.raises(
                Exception, match=rf"^{path}: replaces one that was lost.*\n.*24.0 h$"
            ):
                refused()


def test_the_condition_is_of_the_file_that_was_asked_about(tmp_path: Path) -> None:
    path, now = tmp_path / "ledger.sqlite", Computer().now
    assert condition(now, path) == Condition(path, None)
    Ledger.open(path).close()
    assert condition(now, path) == Condition(path, None)
    path.write_bytes(b"")
    assert condition(now, path).path == path


def test_without_a_file_it_is_about_the_ledger_of_this_user(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    now = Computer().now
    with Ledger.open() as ledger:
        ledger.add("Ann")
    assert condition(now) == Condition(ledger_path(), None, people=1)
    ledger_path().write_bytes(b"")
    with pytest.raises(LedgerDamaged):
        Ledger.open()
    assert renew(now) == (ledger_path().with_name("ledger.sqlite.damaged-1"),)
    assert condition(now) == Condition(ledger_path(), None, locked_for_s=DAY_S)


def test_where_there_is_no_ledger_none_was_lost(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"
    with pytest.raises(UsageError, match=rf"^{path}: the ledger is sound, nothing has to be done$"):
        renew(Computer().now, path)
    assert not path.exists()


def test_a_new_ledger_leaves_no_mark_behind(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"
    path.touch()
    renew(Computer().now, path)
    assert files.leftovers(path) == (path,)
