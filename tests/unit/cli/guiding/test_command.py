"""`devicehub play PROFILE --device guide`, as it is typed."""

import json
from pathlib import Path
from typing import Any

import pytest

from devicehub.cli.guiding.run import care_of
from devicehub.i18n.words import Words
from devicehub.safety.limits import load
from profiles import catalogue, loader
from profiles.guiding import TOOLS, guide
from profiles.text import LANGUAGES, Language
from tests.unit.cli import schema
from tests.unit.cli.persons import Shell
from tests.unit.cli.shell import Said, here

Capture = pytest.CaptureFixture[str]


def guided(capsys: Capture, *words: str, profile: str = "taster") -> Said:
    return here(capsys, "play", profile, "--device", "guide", *words)


def lines(said: Said, kind: str) -> list[dict[str, Any]]:
    rows = [json.loads(line) for line in said.out.splitlines()]
    return [row for row in rows if row["kind"] == kind]


OTHERS = [
    pytest.param(name, marks=(pytest.mark.exhaustive, pytest.mark.thorough))
    for name in catalogue.names()
    if name != "taster"
]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("profile", ["taster", *OTHERS])
def test_cues_are_on_time_in_both_languages(
    profile: str, language: Language, capsys: Capture
) -> None:
    said = guided(capsys, "--speed", "max", "--json", "--language", language, profile=profile)
    assert said.code == 0
    # The two that were written for one tool alone are told for it.
    tool = TOOLS[{"roller-guide": "roller", "pillow-rollers": "pillow"}.get(profile, "hands")]
    written = loader.load(catalogue.path(profile))
    due = guide(written, tool=tool, care=care_of(load(), tool)).instructions
    words = Words.of(language)
    told = lines(said, "instruction")
    assert [row["text"] for row in told] == [words.say(each.phrase) for each in due]
    assert [row["t_s"] for row in told] == pytest.approx([each.t_s for each in due], abs=0.001)
    assert {row["language"] for row in told} == {language}


def test_what_is_printed_is_what_the_schema_says(capsys: Capture) -> None:
    said = guided(capsys, "--speed", "max", "--json")
    rows = [json.loads(line) for line in said.out.splitlines()]
    assert {row["kind"] for row in rows} == {"instruction", "event", "snapshot", "summary"}
    for row in rows:
        assert list(schema.faults(row, schema.of_kind(row["kind"]))) == []


def test_in_a_pipe_it_is_lines(capsys: Capture) -> None:
    said = guided(capsys, "--speed", "max")
    told = said.out.splitlines()
    assert told[0] == "  0:01  We begin with stroking. Beside the lumbar spine."
    assert told[1:4] == ["  0:07  Three.", "  0:08  Two.", "  0:09  One."]
    assert told[-1] == "Taster: Done after 1:40."
    assert "ask a professional" in said.err


def test_a_dry_run_tells_all_that_would_be_said(capsys: Capture) -> None:
    said = guided(capsys, "--dry-run", "--language", "ru", "--tool", "roller")
    assert said.code == 0
    assert said.out.splitlines()[0] == (
        "  0:01  Начинаем: поглаживание. Поясница, вдоль позвоночника."
    )


@pytest.mark.parametrize("tool", ["hands", "pillow"])
def test_a_run_prints_what_the_dry_run_prints(tool: str, capsys: Capture) -> None:
    options = ("--tool", tool)
    dry = guided(capsys, *options, "--dry-run", profile="half-hour").out.splitlines()
    run = guided(capsys, *options, "--speed", "max", profile="half-hour").out.splitlines()
    assert [each for each in dry if not each.startswith("warning")] == run[:-1]
    assert any("  Say: " in each for each in run) == (tool == "hands")


@pytest.mark.parametrize(
    ("profile", "words"),
    [("pillow-rollers", "lean back lightly"), ("roller-guide", "Roll up beside the spine")],
)
def test_without_a_tool_it_is_the_one_that_the_profile_was_written_for(
    profile: str, words: str, capsys: Capture
) -> None:
    assert words in guided(capsys, "--dry-run", profile=profile).out


def test_what_was_written_for_hands_alone_is_not_passed_on(capsys: Capture) -> None:
    told = guided(capsys, "--dry-run", profile="hands-guide").out
    assert "  Both palms flat on the lower back" in told
    assert "Say: " not in told


def test_minutes_stretch_it(capsys: Capture) -> None:
    said = guided(capsys, "--speed", "max", "--json", "--minutes", "3")
    (summary,) = lines(said, "summary")
    assert summary["played_s"] == pytest.approx(190.0)
    assert summary["devices"] == []


@pytest.mark.parametrize(
    "options",
    [
        ("--zone", "rhomboid"),
        ("--heat",),
        ("--mqtt", "mqtt://localhost"),
        ("--air", "unix:/x"),
        ("--tape", "x.jsonl"),
        ("--ceiling", "0.5"),
        ("--device", "sim:reference-cape"),
        ("--speak", "--speed", "max"),
        ("--tool", "spoon"),
    ],
)
def test_what_does_not_fit_is_refused(options: tuple[str, ...], capsys: Capture) -> None:
    said = guided(capsys, *options)
    assert (said.code, said.out) == (2, "")
    assert len(said.err.strip().splitlines()) <= 5


@pytest.mark.parametrize("options", [("--tool", "hands"), ("--speak",), ("--bell",)])
def test_options_of_a_guide_need_one(options: tuple[str, ...], capsys: Capture) -> None:
    said = here(capsys, "play", "taster", "--device", "sim:reference-cape", *options)
    assert said.code == 2
    assert "--device guide" in said.err


def written(path: Path, zone: str, minutes: float = 1.0) -> str:
    path.write_text(
        'title = "T"\nsummary = "S."\nposture = "prone"\nintent = "wellness"\n[[phase]]\n'
        f'technique = "stroking"\nzones = ["{zone}"]\nlevel = 0.2\nminutes = {minutes}\n',
        encoding="utf-8",
    )
    return str(path)


def test_a_forbidden_zone_is_refused_to_hands_too(tmp_path: Path, capsys: Capture) -> None:
    said = guided(capsys, "--speed", "max", profile=written(tmp_path / "p.toml", "neck_lateral"))
    assert (said.code, said.out) == (4, "")
    assert "neck_lateral" in said.err


def test_over_the_spine_it_says_very_light_and_stays_beside(
    tmp_path: Path, capsys: Capture
) -> None:
    profile = written(tmp_path / "p.toml", "spine_lumbar")
    told = lines(guided(capsys, "--speed", "max", "--json", profile=profile), "instruction")
    assert [row["text"] for row in told if row["what"] == "care"] == [
        "Very light here: beside the bones, never on the spine."
    ]
    assert all(x > 1.5 for row in told for x, _ in row["path"])


def test_a_person_who_has_not_answered_is_refused(person: Shell, capsys: Capture) -> None:
    del person
    said = guided(capsys, "--speed", "max", "--person", "nobody")
    assert (said.code, said.out) == (4, "")


def test_a_roller_is_led_only_where_the_table_lets_rollers_work(capsys: Capture) -> None:
    care = care_of(load(), TOOLS["roller"])
    assert {"spine_lumbar", "flank_kidney", "coccyx", "neck_lateral"} <= care.never
    told = lines(guided(capsys, "--speed", "max", "--json", "--tool", "roller"), "instruction")
    over = {zone for row in told if row["path"] for zone in row["zones"]}
    assert over.isdisjoint(care.never)
    assert {row["side"] for row in told if row["path"]} == {"left", "right"}
