"""`profiles check`: what is doubtful, what massagers make of it, and every rule explained."""

import json
from pathlib import Path
from typing import Any

import pytest

from profiles.rules import PLANNED
from tests.session_runs import profile_file
from tests.unit.cli.shell import here

KEYS = ("file", "ok", "mistakes", "refused", "warnings", "rules", "massagers")


def checked(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, Any]:
    row: dict[str, Any] = json.loads(here(capsys, "profiles", "check", "--json", *words).out)
    assert tuple(row) == KEYS
    return row


def file(folder: Path, **keys: Any) -> str:
    phase = {"technique": "kneading", "zones": ["rhomboid"], "minutes": 1, "level": 0.4} | keys
    return str(profile_file(folder, phase))


@pytest.mark.exhaustive
def test_every_rule_is_explained(capsys: pytest.CaptureFixture[str]) -> None:
    rules = {rule["id"]: rule["text"] for rule in checked(capsys, "whole-back")["rules"]}
    planned = [rule.id for rule in PLANNED]
    ends = ["warmup", "cooldown", "presence"]
    assert [*rules] == ["order", "length", "level", "zones", *planned, *ends]
    assert rules["order"].startswith("stroking, kneading, vibration; a massage goes stroking, ")
    assert rules["length"].startswith("15:00 of at most 30:00")
    assert rules["level"].startswith("from 15% to 50%")
    assert rules["warmup"] == "for the first 60 s 50% of every cap counts"


def test_the_ends_of_a_short_profile_are_shorter(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rules = {rule["id"]: rule["text"] for rule in checked(capsys, file(tmp_path))["rules"]}
    assert rules["cooldown"] == "the last 12 s fade to 50% of every cap"
    assert "presence" not in rules


def test_a_promise_that_is_kept_is_explained(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    gentle = Path(file(tmp_path, level=0.2))
    gentle.write_text("gentle = true\n" + gentle.read_text("utf-8"), encoding="utf-8")
    rules = {rule["id"]: rule["text"] for rule in checked(capsys, str(gentle))["rules"]}
    assert "no level above 25%" in rules["gentle"]


def test_a_level_beyond_the_usual_is_a_warning(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = here(capsys, "profiles", "check", file(tmp_path, level=0.8))
    assert said.code == 0
    assert "phase[0]: warning: kneading is usually between 30% and 60%, not 80%" in said.err


def test_what_layouts_and_caps_hold_back_is_told_with_the_massagers(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = file(tmp_path, zones=["trapezius_upper"], level=0.8)
    found = {row["text"]: row["models"] for row in checked(capsys, path)["massagers"]}
    assert "reference-cape" in found["trapezius_upper: asked for 80%, gets 60%"]
    assert found["trapezius_upper: asked for 80%, gets 50%"] == ["handhelds"]
    (rests,) = [models for text, models in found.items() if "no motor is where the profile" in text]
    assert "bhaptics-x40" in rests


def test_a_zone_where_no_handheld_may_be_held_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = file(tmp_path, technique="vibration", zones=["spine_cervical"], level=0.05)
    found = {row["text"]: row["models"] for row in checked(capsys, path)["massagers"]}
    assert found["it may not be held at spine_cervical"] == ["handhelds"]


def test_one_massager_is_played_through_to_the_end(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = file(tmp_path, technique="vibration", zones=["spine_lumbar"], level=0.3, minutes=2)
    said = here(capsys, "profiles", "check", path, "--device", "reference-cape")
    assert said.code == 0
    assert "on reference-cape: spine_lumbar: asked for 30%, gets 20%" in said.out
    assert "(this zone rests for a while): Lumbar spine, midline" in said.out
    assert "(cap of the zone): Lumbar spine, midline" in said.out


def test_a_handheld_is_played_through_where_it_is_held(capsys: pytest.CaptureFixture[str]) -> None:
    words = ("profiles", "check", "taster", "--device", "lovense-domi")
    assert here(capsys, *words).code == 2
    said = here(capsys, *words, "--zone", "rhomboid")
    assert "lovense-domi is held here: rhomboids. It plays phases 1, 2, 3 there too." in said.out


def test_a_zone_without_a_massager_is_a_mistake(capsys: pytest.CaptureFixture[str]) -> None:
    said = here(capsys, "profiles", "check", "taster", "--zone", "rhomboid")
    assert (said.code, said.out) == (2, "")


def test_mistakes_as_json_have_line_and_key(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = file(tmp_path, level=1.5, rate_hz=7)
    assert here(capsys, "profiles", "check", path).code == 2
    row = checked(capsys, path)
    assert (row["ok"], row["rules"]) == (False, [])
    assert [(each["line"], each["key"]) for each in row["mistakes"]] == [
        (9, "phase[0].level"),
        (10, "phase[0].rate_hz"),
    ]


def test_what_cannot_be_read_is_one_mistake(capsys: pytest.CaptureFixture[str]) -> None:
    (mistake,) = checked(capsys, "nowhere.toml")["mistakes"]
    assert mistake == {"line": None, "key": "", "text": "nowhere.toml: there is no such file"}


def test_a_refused_profile_says_nothing_of_massagers(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    row = checked(capsys, file(tmp_path, zones=["axilla"]))
    assert (row["ok"], row["massagers"]) == (False, [])
    assert row["refused"][0]["text"] == "axilla: refused, nothing may be massaged there"


def test_a_drawn_curve_asks_for_its_highest_point(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    points = [[0.0, 0.1], [10.0, 0.45], [50.0, 0.45], [60.0, 0.1]]
    drawn = {"technique": "envelope", "level": 1.0, "points": points}
    found = checked(capsys, file(tmp_path, zones=["rhomboid"], **drawn))["massagers"]
    asked = {row["text"] for row in found if "asked for" in row["text"]}
    assert {text for text in asked if "asked for 45%" not in text} == set()
