"""`devicehub profiles`: what authors see."""

import json
from collections import Counter
from pathlib import Path

import pytest

from profiles import catalogue
from tests.unit.cli.shell import TRACEBACK, devicehub, here

BROKEN = sorted((Path(__file__).parents[2] / "broken_profiles").glob("*.toml"))
PHASE = '[[phase]]\ntechnique = "{}"\nzones = ["{}"]\nminutes = 1\nlevel = 0.3\n'
HEAD = 'title = "Try"\nsummary = "A try."\nposture = "seated"\nintent = "wellness"\n'


def profile(folder: Path, technique: str, zone: str) -> str:
    file = folder / "try.toml"
    file.write_text(HEAD + PHASE.format(technique, zone), encoding="utf-8")
    return str(file)


def test_there_are_twenty_broken_profiles() -> None:
    assert len(BROKEN) == 20


@pytest.mark.parametrize("file", BROKEN, ids=lambda file: file.stem)
def test_every_mistake_of_a_broken_profile_is_named_in_at_most_two_lines(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = here(capsys, "profiles", "check", str(file))
    assert said.code == 2
    assert said.out == ""
    mistakes = said.err.splitlines()
    assert mistakes
    assert all(line.startswith(str(file)) for line in mistakes)
    places = Counter(line.removeprefix(str(file)).split("=")[0] for line in mistakes)
    assert max(places.values()) <= 2
    assert max(map(len, mistakes)) < 240 + len(str(file))


@pytest.mark.wallclock
def test_twenty_broken_profiles_at_once_are_exit_2_without_a_traceback() -> None:
    said = devicehub("profiles", "check", *map(str, BROKEN))
    assert said.code == 2
    assert TRACEBACK not in said.err
    assert all(file.name in said.err for file in BROKEN)


@pytest.mark.exhaustive
def test_bundled_profiles_are_ok(capsys: pytest.CaptureFixture[str]) -> None:
    said = here(capsys, "profiles", "check", *catalogue.names())
    assert (said.code, said.err) == (0, "")
    assert said.out.count(": ok, ") == len(catalogue.names())


def test_a_good_file_beside_a_broken_one_is_still_named_ok(
    capsys: pytest.CaptureFixture[str],
) -> None:
    said = here(capsys, "profiles", "check", str(BROKEN[0]), "taster")
    assert said.code == 2
    assert said.out.startswith("taster: ok")


def test_a_file_that_is_not_there_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    said = here(capsys, "profiles", "check", "nowhere.toml")
    assert (said.code, said.err.count("\n")) == (2, 1)


def test_a_forbidden_zone_is_exit_4(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = here(capsys, "profiles", "check", profile(tmp_path, "stroking", "neck_anterior"))
    assert said.code == 4
    assert "phase[0]: neck_anterior: refused" in said.err


def test_a_forbidden_zone_beside_a_mistake_is_exit_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    forbidden = profile(tmp_path, "stroking", "neck_anterior")
    assert here(capsys, "profiles", "check", forbidden, str(BROKEN[0])).code == 2


def test_a_technique_that_does_not_suit_a_zone_is_a_warning(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = here(capsys, "profiles", "check", profile(tmp_path, "kneading", "lower_ribs"))
    assert said.code == 0
    assert "warning: kneading does not suit lower_ribs" in said.err


def test_the_list_names_every_bundled_profile(capsys: pytest.CaptureFixture[str]) -> None:
    said = here(capsys, "profiles", "list")
    assert all(name in said.out for name in catalogue.names())


def test_the_list_as_json_is_one_object_a_profile(capsys: pytest.CaptureFixture[str]) -> None:
    rows = [
        json.loads(line) for line in here(capsys, "profiles", "list", "--json").out.split("\n")[:-1]
    ]
    assert [row["name"] for row in rows] == list(catalogue.names())
    assert all(
        set(row) == {"name", "title", "minutes", "techniques", "zones", "summary"} for row in rows
    )


def test_show_tells_every_phase(capsys: pytest.CaptureFixture[str]) -> None:
    said = here(capsys, "profiles", "show", "taster").out
    for words in ("Taster, 1:30 min, seated", "1. stroking, 40 s", "3. vibration, 20 s"):
        assert words in said


def test_show_as_json_is_the_file_s_own_words(capsys: pytest.CaptureFixture[str]) -> None:
    shown = json.loads(here(capsys, "profiles", "show", "taster", "--json").out)
    assert shown["title"]["en"] == "Taster"
    assert [phase["technique"] for phase in shown["phase"]] == ["stroking", "kneading", "vibration"]


def test_a_misspelt_profile_is_told_its_neighbour(capsys: pytest.CaptureFixture[str]) -> None:
    said = here(capsys, "profiles", "show", "tatser")
    assert said.code == 2
    assert "did you mean taster?" in said.err
    assert said.err.count("\n") == 1
