"""The plot: what is asked, what the caps let through."""

import re
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from devicehub.cli import blocks, named, svg
from devicehub.cli.plot import Lane, Plot, compute
from devicehub.safety import limits as safety_limits
from devicehub.session.plan import Plan
from profiles.score import Passage
from profiles.text import Text
from tests.unit.cli.shell import here

SVG = "{http://www.w3.org/2000/svg}"


def parsed(drawing: str) -> ET.Element:
    return ET.fromstring(drawing)  # noqa: S314 - drawn a moment ago by the code under test


def plot_of(profile: str, model: str, slices: int = 200) -> Plot:
    limits, massager = safety_limits.load(), named.massager(model)
    score = Plan(named.profile(profile)).score(massager, limits)
    return compute(score, massager, limits, slices)


@pytest.fixture(scope="module")
def taster() -> Plot:
    return plot_of("taster", "reference-cape")


def lane(cap: float = 0.5, **levels: tuple[float, ...]) -> Lane:
    return Lane("rhomboid", cap, levels["asked"], levels["peaks"], levels["peaks"])


def small(title: str = "A title") -> Plot:
    passage = Passage(0, "stroking", ("rhomboid",), 0.0, 60.0, Text(""))
    one = lane(asked=(0.0, 0.4, 0.9), peaks=(0.0, 0.4, 0.5))
    return Plot(title, "reference-cape", 60.0, (passage,), (one,))


@pytest.mark.exhaustive
def test_nothing_is_delivered_above_a_cap(taster: Plot) -> None:
    assert all(max(one.peaks) <= one.cap for one in taster.lanes)


def test_nothing_is_delivered_above_what_is_asked_and_a_step(taster: Plot) -> None:
    step = 0.5 / 100
    for one in taster.lanes:
        assert max(one.peaks) <= max(one.asked) + step


def test_something_is_felt_in_every_zone_that_the_profile_names(taster: Plot) -> None:
    felt = {one.zone for one in taster.lanes if max(one.peaks) > 0.1}
    assert felt >= set(named.profile("taster").zones)


def test_lanes_go_from_the_shoulders_down(taster: Plot) -> None:
    zones = [one.zone for one in taster.lanes]
    assert zones.index("trapezius_upper") < zones.index("paraspinal_lumbar")


def test_it_ends_at_rest(taster: Plot) -> None:
    assert all(one.peaks[-1] < 0.1 for one in taster.lanes)


def test_the_drawing_is_well_formed_and_says_what_it_is(taster: Plot) -> None:
    root = parsed(svg.draw(taster))
    assert root.tag == f"{SVG}svg"
    assert root.findtext(f"{SVG}title") == "Taster"
    assert "3 phases in 1:30 min on reference-cape" in str(root.findtext(f"{SVG}desc"))


def test_the_drawing_has_a_cap_a_line_and_a_shape_for_every_lane(taster: Plot) -> None:
    kinds = [path.get("class") for path in parsed(svg.draw(taster)).iter(f"{SVG}path")]
    legend = 1
    assert kinds.count("k") == len(taster.lanes) + legend
    assert kinds.count("a") == len(taster.lanes) + legend
    assert kinds.count("m") == len(taster.lanes)


def test_the_drawing_labels_zones_phases_caps_and_time(taster: Plot) -> None:
    drawn = svg.draw(taster)
    for words in ("Upper trapezius", ">stroking<", ">kneading<", "cap 60%", ">1:30<"):
        assert words in drawn


def test_the_drawing_follows_a_dark_scheme(taster: Plot) -> None:
    assert "@media(prefers-color-scheme:dark)" in svg.draw(taster)


def test_a_cap_is_drawn_at_its_height() -> None:
    drawn = svg.draw(small())
    caps = re.findall(r'<path class="k" d="M204 ([\d.]+)h690"/>', drawn)
    base, highest = 108 + 48 - 6, 36
    assert [float(y) for y in caps] == [round(base - highest * 0.5 / 0.9, 1)]


def test_a_title_cannot_break_the_drawing() -> None:
    root = parsed(svg.draw(small('<b> & "more"')))
    assert root.findtext(f"{SVG}title") == '<b> & "more"'


def test_blocks_grow_with_the_level_up_to_the_highest_cap() -> None:
    row = blocks.draw(small()).splitlines()[3]
    assert row == f"{'Rhomboids':<28} ▆█   50%"


@pytest.mark.exhaustive
def test_blocks_say_phase_and_time() -> None:
    lines = blocks.draw(plot_of("taster", "reference-cape", 46)).splitlines()
    assert [word.strip() for word in lines[2].split("▏")[1:]] == [
        "stroking",
        "kneading",
        "vibration",
    ]
    assert lines[-1].split() == ["0:00", "1:30"]
    assert {len(line) for line in lines[3:-1]} == {80}


def test_blocks_can_be_ascii() -> None:
    assert blocks.draw(small(), ascii_only=True).isascii()


@pytest.mark.exhaustive
def test_the_command_writes_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out.svg"
    words = ("profiles", "plot", "taster", "--device", "sim:reference-cape", "--out", str(out))
    said = here(capsys, *words)
    assert (said.code, said.out) == (0, "")
    assert parsed(out.read_text("utf-8")).tag == f"{SVG}svg"


@pytest.mark.exhaustive
def test_without_a_terminal_the_drawing_goes_to_the_output(
    capsys: pytest.CaptureFixture[str],
) -> None:
    said = here(capsys, "profiles", "plot", "taster", "--device", "reference-cape")
    assert parsed(said.out).tag == f"{SVG}svg"


@pytest.mark.exhaustive
def test_a_folder_that_is_not_there_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    words = ("profiles", "plot", "taster", "--device", "reference-cape", "--out", "/no/such/x.svg")
    said = here(capsys, *words)
    assert (said.code, said.err) == (1, "devicehub: /no/such/x.svg: No such file or directory\n")


def test_a_handheld_has_to_be_held_somewhere(capsys: pytest.CaptureFixture[str]) -> None:
    said = here(capsys, "profiles", "plot", "taster", "--device", "lovense-domi")
    assert said.code == 2
    assert "--zone" in said.err


def test_a_misspelt_model_is_told_its_neighbour(capsys: pytest.CaptureFixture[str]) -> None:
    said = here(capsys, "profiles", "plot", "taster", "--device", "reference-cap")
    assert said.code == 2
    assert said.err == (
        "devicehub: model 'reference-cap': no such model; did you mean reference-cape?\n"
    )
