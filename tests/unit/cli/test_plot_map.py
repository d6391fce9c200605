"""The map of the back: what every motor amounted to, where it sits."""

import sys
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from devicehub.cli import named, svg_map
from devicehub.cli.plot import Motor, Plot, compute
from devicehub.massagers.model import Massager
from devicehub.safety import limits as safety_limits
from profiles.compose import compose
from profiles.layout import Layout, Place
from profiles.loader import load_text
from tests.unit.cli.shell import here

SVG = "{http://www.w3.org/2000/svg}"
NEAR = Place(0, "vibration", ("rhomboid",), x_cm=-5.0, y_cm=50.0)
FAR = Place(1, "vibration", ("gluteal",), x_cm=5.0, y_cm=5.0)
THIGH = Place(2, "vibration", ("thigh_posterior",), x_cm=5.0, y_cm=-20.0)
FRONT = Place(3, "vibration", ("abdomen",))
HELD = Place(4, "vibration", ("rhomboid",))


def picture(*motors: Motor, kind: str = "dose") -> ET.Element:
    drawn = svg_map.draw(Plot('<b> & "more"', "a pad", 60.0, (), (), motors), kind)
    return ET.fromstring(drawn)  # noqa: S314 - drawn a moment ago by the code under test


def discs(root: ET.Element) -> list[tuple[float, float]]:
    """Return how full each disc is drawn, and where in cm it lies across."""
    return [
        (float(c.get("fill-opacity", "1")), (float(c.get("cx", "0")) - 205) / 7.4)
        for c in root.iter(f"{SVG}circle")
        if c.get("class") == "d"
    ]


def words(root: ET.Element) -> list[str]:
    return [text.text or "" for text in root.iter(f"{SVG}text")]


def test_a_motor_is_a_disc_where_it_sits_as_full_as_its_share_of_the_most() -> None:
    root = picture(Motor(NEAR, 0.6, 0.5, 12.0), Motor(FAR, 0.6, 0.5, 3.0))
    assert discs(root) == [(1.0, pytest.approx(-5.0, abs=0.1)), (0.25, pytest.approx(5.0, abs=0.1))]
    assert {"12", "3.0", "12.0 s"} <= {*words(root)}


def test_peaks_are_drawn_in_percent() -> None:
    root = picture(Motor(NEAR, 0.6, 0.5, 12.0), Motor(FAR, 0.6, 0.25, 30.0), kind="peak")
    assert [full for full, _ in discs(root)] == [1.0, 0.5]
    assert {"50", "25", "50%"} <= {*words(root)}


def test_a_motor_that_rests_is_an_empty_ring() -> None:
    root = picture(Motor(NEAR, 0.6, 0.0, 0.0), Motor(FAR, 0.6, 0.5, 1.0))
    assert len(discs(root)) == 1
    assert [c.get("class") for c in root.iter(f"{SVG}circle")].count("o") == 1


def test_motors_elsewhere_are_counted() -> None:
    assert "1 motors are not on the back, and rest" in words(picture(Motor(FRONT, 0.6, 0.0, 0.0)))


def test_a_handheld_is_drawn_amid_its_zone_on_both_sides() -> None:
    sides = [x for _, x in discs(picture(Motor(HELD, 0.5, 0.3, 2.0)))]
    assert sides[0] == pytest.approx(-sides[1], abs=0.1)


def test_the_picture_goes_down_to_the_thighs_where_there_are_motors() -> None:
    tall = picture(Motor(NEAR, 0.6, 0.5, 1.0), Motor(THIGH, 0.6, 0.5, 1.0))
    small = picture(Motor(NEAR, 0.6, 0.5, 1.0))
    heights = [int(str(root.get("viewBox")).split()[3]) for root in (tall, small)]
    assert heights[0] > heights[1] == 700


def test_a_title_cannot_break_the_picture_and_it_follows_a_dark_scheme() -> None:
    root = picture(Motor(NEAR, 0.6, 0.5, 1.0))
    assert root.findtext(f"{SVG}title") == '<b> & "more"'
    assert "@media(prefers-color-scheme:dark)" in str(root.findtext(f"{SVG}style"))


@pytest.mark.exhaustive
def test_a_dose_is_the_square_of_the_level_summed_up(pad: Massager) -> None:
    text = """
        title = "Steady"
        summary = "."
        posture = "seated"
        intent = "wellness"
        [[phase]]
        technique = "envelope"
        zones = ["rhomboid"]
        seconds = 60
        level = 0.2
        points = [[0, 1], [60, 1]]
    """
    score = compose(load_text(text, "steady"), pad.layout)
    (motor, *_) = compute(score, pad, safety_limits.load(), 10).motors
    assert motor.peak == 0.2
    assert motor.dose_s == pytest.approx(0.2**2 * 60, rel=0.05)


@pytest.fixture
def pad() -> Massager:
    cape = named.massager("reference-cape")
    return replace(cape, layout=Layout("pad", (NEAR, *cape.layout.places[1:])))


def test_on_a_terminal_a_map_needs_a_file(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    said = here(
        *(capsys, "profiles", "plot", "taster", "--device", "reference-cape", "--map", "peak")
    )
    assert (said.code, said.out.strip()) == (2, "")
    assert "give --out FILE.svg" in said.err


def test_the_command_writes_the_map(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "map.svg"
    said = here(
        *(capsys, "profiles", "plot", "taster", "--device", "reference-cape"),
        *("--map", "dose", "--out", str(out)),
    )
    assert said.code == 0
    root = ET.fromstring(out.read_text("utf-8"))  # noqa: S314 - drawn a moment ago
    assert "dose of every motor of reference-cape" in str(root.findtext(f"{SVG}desc"))
    assert len(discs(root)) == 12
