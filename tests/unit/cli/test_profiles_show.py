"""`profiles show`: what a person wants to know before they lie down."""

from pathlib import Path
from typing import Any

import pytest

from devicehub.cli.profiles_picture import picture
from profiles import catalogue, loader
from profiles.text import LANGUAGES
from tests.session_runs import profile_file
from tests.unit.cli.shell import here


def shown(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    said = here(capsys, "profiles", "show", *words)
    assert (said.code, said.err) == (0, "")
    return said.out


def drawn(folder: Path, *phases: dict[str, Any]) -> list[str]:
    common = {"technique": "vibration", "minutes": 1, "level": 0.3}
    return picture(loader.load(profile_file(folder, *(common | phase for phase in phases))))


def test_purpose_preparation_times_places_levels_and_cues_are_told(
    capsys: pytest.CaptureFixture[str],
) -> None:
    said = shown(capsys, "desk-break")
    for words in (
        "Desk break, 5:00 min, seated\n",
        "For: A pause between two stretches",
        "With: capes and vests, bare hands\n",
        "  - Keep the stop within reach:",
        "2. kneading, 2:00 min (2:00 - 4:00), level 30% - 45%\n   Upper trapezius; rhomboids\n",
        "   and back over latissimus\n",
        '   "Unclench your jaw.',
    ):
        assert words in said


def test_all_of_it_is_there_in_russian(capsys: pytest.CaptureFixture[str]) -> None:
    said = shown(capsys, "desk-break", "--language", "ru")
    assert said.startswith("Перерыв за рабочим столом, 5:00 мин, сидя\n")
    assert not any(c.isascii() and c.isalpha() for c in said)


@pytest.mark.exhaustive
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_bundled_profile_can_be_shown(
    language: str, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in catalogue.names():
        assert shown(capsys, name, "--language", language).count("\n") > 20


def test_a_phase_without_a_level_is_a_pause(capsys: pytest.CaptureFixture[str]) -> None:
    said = shown(capsys, "handheld-lumbar")
    assert '2. a pause, 25 s (1:40 - 2:05)\n   "' in said


def test_promises_are_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    phase = {"technique": "vibration", "zones": ["rhomboid"], "minutes": 1, "level": 0.2}
    file = profile_file(tmp_path, phase)
    file.write_text("gentle = true\n" + file.read_text("utf-8"), encoding="utf-8")
    assert "Gentle: short, soft" in shown(capsys, str(file))


def test_the_picture_is_darkest_where_the_most_is_asked_for(tmp_path: Path) -> None:
    lines = drawn(
        tmp_path,
        {"zones": ["trapezius_upper"], "level": 0.1},
        {"zones": ["paraspinal_lumbar"], "level": 0.5},
    )
    dark = [number for number, line in enumerate(lines) if "█" in line]
    light = [number for number, line in enumerate(lines) if "░" in line]
    assert light
    assert dark
    assert max(light) < min(dark)
    assert all(line == line[::-1] for line in (line.strip() for line in lines))


def test_the_picture_goes_down_to_the_thighs_only_where_they_are_named(tmp_path: Path) -> None:
    seat, thighs = (drawn(tmp_path, {"zones": [z]}) for z in ("gluteal", "thigh_posterior"))
    assert len(thighs) > len(seat) + 4


def test_the_picture_can_be_ascii() -> None:
    lines = picture(loader.load(catalogue.path("taster")), ascii_only=True)
    assert "".join(lines).isascii()
    assert "#" in "".join(lines)


def test_a_profile_that_asks_for_nothing_is_an_empty_back(tmp_path: Path) -> None:
    assert "░" not in "".join(drawn(tmp_path, {"zones": ["rhomboid"], "level": 0.0}))
