"""`devicehub person show`: what is kept, what the answers mean, when the next may begin."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from devicehub.cli.accounts import account_of
from devicehub.ledger import clock
from devicehub.ledger.ledger import Ledger
from devicehub.ledger.locked import LedgerLocked
from devicehub.ledger.locks import person_lock
from devicehub.ledger.repair import renew
from tests.unit.cli.persons import USED, Shell, answers


def test_nobody_is_told_to_begin_whose_answers_refuse(person: Shell, tmp_path: Path) -> None:
    person("add", "Ann")
    assert (
        "  session    questions not answered: devicehub person screen" in person("show", "Ann").out
    )
    refusing = answers(tmp_path, pregnancy="yes", cancer_or_tumour="yes")
    person("screen", "Ann", "--answers", refusing)
    for said in (person("show", "Ann").out, person("list").out):
        assert "No session during a pregnancy." in said
        assert "No session with cancer or a tumour." in said
        assert "next" not in said
    for word in (("show", "Ann"), ("list",)):
        row = json.loads(person(*word, "--json").out)
        assert (len(row["session_refused"]), row["restrictions"]) == (2, None)


def test_what_answers_take_away_is_shown(person: Shell, tmp_path: Path) -> None:
    person("add", "Ann")
    person("screen", "Ann", "--answers", answers(tmp_path, osteochondrosis="yes"))
    said = person("show", "Ann").out
    assert "  with less  half strength: " in said
    assert "\n             15 minutes at most\n  next       may begin at any time" in said
    assert "With less: half strength: " in person("list").out
    row = json.loads(person("show", "Ann", "--json").out)
    assert (row["session_refused"], row["restrictions"]["max_total_s"]) == ([], 900)
    assert row["restrictions"]["forbidden"] == ["spine_cervical"]


def test_answers_that_are_too_old_say_how_to_give_them_again(
    person: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    person("add", "Ann")
    person("screen", "Ann", "--answers", answers(tmp_path))
    now = clock.now()
    later = replace(now, wall_s=now.wall_s + 90_000.0, boot_s=now.boot_s + 90_000.0)
    monkeypatch.setattr(clock, "now", lambda: later)
    said = person("show", "Ann").out
    assert "  session    No session: the answers are older than 24 h" in said
    assert "`devicehub person screen Ann`" in said


def test_show_tells_what_the_day_has_left(person: Shell, tmp_path: Path) -> None:
    person("add", "Ann", "--ceiling", "0.5")
    person("screen", "Ann", "--answers", answers(tmp_path))
    now = clock.now()
    with Ledger.open() as ledger:
        ledger.end(ledger.begin("Ann", now), USED, now)
    said = person("show", "Ann")
    assert "  ceiling    50%" in said.out
    assert "  questions  answered 0 s ago, expires in 24:00 h" in said.out
    assert "  sessions   1 within 24 h, 5:30 min active, the last one ended 0 s ago" in said.out
    assert "  next       The last session was a short while ago: the next one in " in said.out
    rhomboid, spine = (line for line in said.out.splitlines() if "█" in line or "·" in line)
    assert rhomboid.startswith("  Rhomboids, left ")
    assert rhomboid.endswith("5:00 min")
    assert spine.startswith("  Lumbar spine, midline   ")
    shown = json.loads(person("show", "Ann", "--json").out)
    assert [(used["zone"], used["seconds"]) for used in shown["used"]] == [
        ("rhomboid", 300.0),
        ("spine_lumbar", 30.0),
    ]
    assert all(0.0 < used["part_of_day"] < 1.0 for used in shown["used"])


def test_after_a_new_ledger_one_reason_is_told_and_no_history_made_up(
    person: Shell, tmp_path: Path
) -> None:
    person("list")
    (tmp_path / "devicehub" / "ledger" / "ledger.sqlite").write_text("damaged")
    renew(clock.now())
    why = "a new ledger was started, nobody plays before 24:00 h have passed"
    added = person("add", "Ann").out
    assert (f"But {why}." in added, "forgotten" in added) == (True, False)
    person("screen", "Ann", "--answers", answers(tmp_path))
    shown = person("show", "Ann").out
    assert shown.endswith(f"  next       {why}\n")
    assert "sessions" not in shown
    row = json.loads(person("show", "Ann", "--json").out)
    assert (row["waits"], row["sessions"], row["used"]) == ([why], 0, [])
    assert row["locked_for_s"] > 86_000


@pytest.mark.wallclock  # a ledger on disk has a thread of its own
async def test_playing_on_a_new_ledger_is_refused_for_that_reason_alone(
    person: Shell, tmp_path: Path
) -> None:
    person("list")
    (tmp_path / "devicehub" / "ledger" / "ledger.sqlite").write_text("damaged")
    renew(clock.now())
    person("add", "Ann")
    with pytest.raises(LedgerLocked, match="nobody plays for another 24"):
        async with account_of("Ann", lambda: 0.0):
            pass


def test_a_session_that_is_open_has_not_ended(person: Shell, tmp_path: Path) -> None:
    person("add", "Ann")
    person("screen", "Ann", "--answers", answers(tmp_path))
    with person_lock("Ann"):
        assert "  sessions   one is open now" in person("show", "Ann").out
        with Ledger.open() as ledger:
            ledger.begin("Ann", clock.now())
        said = person("show", "Ann").out
        assert "  sessions   1 within 24 h, 0 s active, one is open now" in said
        assert "  next       a session is open; when that has ended" in said
        assert "ended 0 s ago" not in said
        assert json.loads(person("show", "Ann", "--json").out)["in_session"]
    assert "the last one ended" in person("show", "Ann").out
    assert not json.loads(person("show", "Ann", "--json").out)["in_session"]
