"""Exporting and importing on the command line: files, refusals, and a played import."""

import json
import os
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from devicehub.cli import named
from devicehub.massagers.library import load_library
from devicehub.safety import limits as safety_limits
from devicehub.session.plan import Plan
from profiles import loader
from profiles.exchange import haptic
from profiles.exchange.sampling import sampled
from profiles.exchange.written import profile_text
from tests.session_runs import play_in_memory
from tests.unit.cli.shell import Said, here


def exported(capsys: pytest.CaptureFixture[str], form: str, *options: str) -> Said:
    return here(capsys, "profiles", "export", "taster", "--to", form, *options)


@pytest.fixture
def clip(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    file = tmp_path / "taster.haptic"
    assert exported(capsys, "haptic", "--out", str(file)).code == 0
    return file


def test_a_profile_goes_out_for_one_motor_without_a_device(
    capsys: pytest.CaptureFixture[str],
) -> None:
    said = exported(capsys, "haptic")
    assert (said.code, said.err) == (0, "")
    assert json.loads(said.out)["metadata"]["project"] == "Taster"


def test_one_zone_of_a_massager_can_go_out(capsys: pytest.CaptureFixture[str]) -> None:
    cape = ("--device", "reference-cape")
    whole, spine = (exported(capsys, "ahap", *cape, *w) for w in ((), ("--zone", "spine_lumbar")))
    assert json.loads(whole.out) != json.loads(spine.out)


@pytest.mark.exhaustive
def test_a_picture_goes_out(capsys: pytest.CaptureFixture[str]) -> None:
    said = exported(capsys, "svg", "--device", "reference-cape")
    assert ET.fromstring(said.out).tag.endswith("svg")  # noqa: S314 - drawn a moment ago


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (("svg",), 2, "--to svg: say for which massager, --device MODEL"),
        (("csv", "--zone", "rhomboid"), 2, "--zone rhomboid: say for which massager"),
        (("csv", "--device", "reference-cape", "--zone", "axilla"), 2, "has no motor there"),
        (("csv", "--device", "lovense-domi"), 2, "say where it is held"),
    ],
)
def test_what_cannot_go_out_is_told(
    words: tuple[str, ...], code: int, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    said = exported(capsys, *words)
    assert said.code == code
    assert told in said.err


@pytest.mark.exhaustive
def test_an_import_is_a_profile_that_passes_check(
    clip: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = clip.with_suffix(".toml")
    words = ("profiles", "import", str(clip), "--zone", "rhomboid", "--level", "0.5")
    said = here(capsys, *words, "--out", str(out))
    assert (said.code, said.err) == (0, f"wrote {out}\n")
    profile = loader.load(out)
    assert (profile.title, profile.phases[0].level) == ("Taster", (0.5, 0.5))
    assert here(capsys, "profiles", "check", str(out)).code == 0


def test_an_import_writes_over_nothing(clip: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ("profiles", "import", str(clip), "--zone", "rhomboid", "--out", str(clip))
    before = clip.read_bytes()
    said = here(capsys, *words)
    assert said.code == 2
    assert "is there already" in said.err
    assert clip.read_bytes() == before


@pytest.mark.parametrize(
    ("name", "options", "code", "told"),
    [
        ("a.wav", (), 2, "what ends in .haptic, .funscript, .csv can be read"),
        ("no.haptic", (), 2, "no.haptic: cannot be read: No such file"),
        ("a.haptic", ("--column", "b"), 2, "only a .csv file has columns"),
        ("a.haptic", ("--zone", "rhombus"), 2, "--zone rhombus: no such zone"),
        ("a.haptic", ("--zone", "gluteal"), 2, "--zone gluteal: given twice"),
        ("a.haptic", ("--zone", "axilla"), 4, "--zone axilla: refused"),
        ("a.haptic", (), 2, "a.haptic: is not UTF-8 from byte 1 on"),
        ("big.csv", (), 2, "big.csv: is larger than 8 MB"),
        ("pipe.csv", (), 2, "pipe.csv: cannot be read: must be an ordinary file"),
    ],
)
def test_what_cannot_come_in_is_told(
    name: str,
    options: tuple[str, ...],
    code: int,
    told: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "a.haptic").write_bytes(b"a\xff")
    (tmp_path / "a.wav").touch()
    os.mkfifo(tmp_path / "pipe.csv")
    with (tmp_path / "big.csv").open("wb") as big:
        big.truncate(9 << 20)
    said = here(capsys, "profiles", "import", str(tmp_path / name), "--zone", "gluteal", *options)
    assert (said.code, said.out) == (code, "")
    assert told in said.err
    assert "Traceback" not in said.err


@pytest.mark.exhaustive
def test_an_import_plays_under_the_same_caps(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    script = tmp_path / "loud.funscript"
    actions = [{"at": at * 1000, "pos": 100 * (at % 2)} for at in range(21)]
    script.write_text(json.dumps({"actions": actions}), encoding="utf-8")
    out = tmp_path / "loud.toml"
    words = ("--zone", "rhomboid", "--zone", "spine_thoracic", "--out", str(out))
    said = here(capsys, "profiles", "import", str(script), *words)
    assert said.err.splitlines()[0] == "note: positions are played as levels"
    run = play_in_memory(out, "reference-cape", tmp_path / "loud.tape.jsonl")
    assert (run.code, run.violations) == (0, [])
    assert 0.1 < run.highest("spine_thoracic") <= 0.2


def steps_off(profile: str, model: str) -> float:
    """Return how many steps of a massager there and back changes its score by, at most."""
    limits, massager = safety_limits.load(), load_library()[model]
    plan = Plan(named.profile(profile), zone="rhomboid" if massager.needs_zone else None)
    placed = plan.place(massager, limits)
    clip = haptic.write(sampled(plan.score(placed, limits, as_felt=True)).mixed(), "A", "B")
    text = profile_text(
        haptic.read(clip, "a.haptic"),
        source="a.haptic",
        title="A",
        zones=plan.profile.zones,
        posture="seated",
        level=1.0,
    )
    back = Plan(loader.load_text(text, "a.toml"), zone=plan.zone)
    first, second = (sampled(each.score(placed, limits)).mixed().levels for each in (plan, back))
    furthest = max(abs(one - other) for one, other in zip(first, second, strict=True))
    return furthest * max(placed.steps)


@pytest.mark.exhaustive
@pytest.mark.parametrize(
    "model", ["reference-cape", "bhaptics-x40", "lovense-domi", "serta-motion"]
)
def test_there_and_back_a_massager_is_asked_for_the_same_within_a_step(model: str) -> None:
    assert steps_off("taster", model) < 1.0


PLAYED = [model for model, massager in load_library().items() if massager.refused is None]


@pytest.mark.thorough
@pytest.mark.parametrize("model", PLAYED)
def test_there_and_back_every_massager_is_asked_for_the_same_within_a_step(model: str) -> None:
    assert steps_off("taster", model) < 1.0
