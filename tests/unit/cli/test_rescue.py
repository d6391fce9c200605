"""What stands on disk is not trusted: only the stop of that very model is written."""

import pytest

from devicehub.cli.rescue import stop_standing
from devicehub.keeper.standing import StandingStop

MOTORS = "6e40000a-b5a3-f393-e0a9-e50e24dcca9e"


@pytest.mark.parametrize(
    ("model", "writes"),
    [
        ("bhaptics-x40", ((MOTORS, "ff" * 20, True),)),
        ("bhaptics-x40", ((MOTORS, "00" * 20, True), (MOTORS, "11" * 20, True))),
        ("bhaptics-x40", ()),
        ("nobody-knows", ((MOTORS, "00" * 20, True),)),
    ],
    ids=["full level", "a stop and more", "nothing", "an unknown model"],
)
async def test_bytes_that_are_no_stop_are_not_written(
    model: str, writes: tuple[tuple[str, str, bool], ...]
) -> None:
    kept = StandingStop(
        name="TactSuitX40",
        address="C0:00:00:00:00:02",
        model=model,
        air="Bluetooth",
        writes=writes,
        advice="Hold its button.",
    )
    assert await stop_standing(kept) == (
        False,
        f"What was kept is no stop of {model}. Hold its button.",
    )
