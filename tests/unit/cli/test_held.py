"""`--zone`: for the one handheld, or for each by its name."""

import pytest

from devicehub.cli.held import zones_of
from devicehub.errors import UsageError
from tests.unit.cli.shell import here

DEVICES = ("LVS-Domi37", "C0:00:00:00:00:02")


@pytest.mark.parametrize(
    ("words", "zone", "zones"),
    [
        ((), None, {}),
        (("gluteal",), "gluteal", {}),
        (("LVS-Domi37=gluteal", "rhomboid"), "rhomboid", {"LVS-Domi37": "gluteal"}),
        (("C0:00:00:00:00:02=gluteal",), None, {"C0:00:00:00:00:02": "gluteal"}),
    ],
)
def test_a_zone_is_said_alone_or_by_name(
    words: tuple[str, ...], zone: str | None, zones: dict[str, str]
) -> None:
    assert zones_of(words, DEVICES) == (zone, zones)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("gluteal", "rhomboid"), "--zone gluteal and rhomboid: say which massager is held where"),
        (("LVS-Domi=gluteal",), "no --device 'LVS-Domi' was asked for; did you mean LVS-Domi37?"),
        (("wand=gluteal",), "no --device 'wand' was asked for; one of LVS-Domi37, C0:00"),
        (("LVS-Domi37=gluteal", "LVS-Domi37=rhomboid"), "LVS-Domi37 is held at gluteal already"),
    ],
)
def test_a_zone_for_nobody_is_a_mistake(words: tuple[str, ...], said: str) -> None:
    with pytest.raises(UsageError) as mistake:
        zones_of(words, DEVICES)
    assert said in str(mistake.value)


@pytest.mark.exhaustive
def test_cape_vest_and_wand_play_together(capsys: pytest.CaptureFixture[str]) -> None:
    devices = [f"--device=sim:{m}" for m in ("reference-cape", "bhaptics-x40", "lovense-domi")]
    options = ("--zone", "gluteal", "--minutes", "0.2", "--speed", "max", "--json")
    said = here(capsys, "play", "taster", *devices, *options)
    assert said.code == 0
    summary = said.out.splitlines()[-1]
    assert summary.count('"stop_confirmed": true') == 3
