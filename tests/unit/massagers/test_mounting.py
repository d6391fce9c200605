"""A massager as the governor sees it: where each motor is, as far as that is known."""

import pytest

from devicehub.massagers.library import load_library
from devicehub.massagers.mounting import mount


@pytest.mark.parametrize(
    ("model", "sides"),
    [
        ("reference-cape", ["left", "middle", "right"] * 4),
        ("bhaptics-x40", ["unknown"] * 10 + ["left"] * 10 + ["right"] * 10 + ["unknown"] * 10),
        ("lovense-domi", ["unknown"]),
    ],
)
def test_every_motor_has_its_side(model: str, sides: list[str]) -> None:
    assert [actuator.side for actuator in mount("it", load_library()[model]).actuators] == sides
