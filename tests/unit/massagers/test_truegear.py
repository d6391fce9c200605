"""The TrueGear codec: packets worked out on paper, and nothing else of that pipe."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devicehub.errors import MassagerError
from devicehub.massagers import stopbook
from devicehub.massagers.encode import raw
from devicehub.massagers.library import load_text
from devicehub.massagers.parse import admit, is_stop, levels_of
from devicehub.massagers.wire import Write
from tests.unit.massagers.material import SMALL, massager

TX = "6e400002-b5a3-f393-e0a9-e50e24dcca9e"
TEXT = (
    SMALL.replace('{ uuid = "fff1", response = true }', f'{{ uuid = "{TX}", response = false }}')
    .replace("steps = 10 }", "steps = 100, count = 40 }")
    .replace('set = "A0 {0}"\nstop = "A0 00"', 'codec = "truegear"')
)
VEST = massager(TEXT)
# Constant, not kept; from 0 to 1000 ms (03 E8).
TRACK = "0100000003e8"
QUIET = f"{TRACK}0000"


def packets(levels: dict[int, int]) -> list[str]:
    every = [levels.get(dot, 0) for dot in range(40)]
    return [write.data.hex() for write in raw(VEST, every)]


def test_equal_levels_are_one_track() -> None:
    """Dots 10, 11 and 19 are the first, second and tenth of the back left: 8000 + 4000 + 0040."""
    front, back, *_ = packets({10: 30, 11: 30, 19: 30})
    assert back == f"686802{QUIET}00003f8000000000{TRACK}1e1e0000c0400000000016"
    assert front == f"686801{QUIET}ffc000000000000016"


def test_every_level_that_differs_has_a_track_of_its_own() -> None:
    (_, _, right, _) = packets({20: 70, 29: 20})
    tracks = (
        f"{QUIET}000000007f800000" + f"{TRACK}1414" + "0000000000400000" + f"{TRACK}4646"
        "0000000080000000"
    )
    assert right == f"686803{tracks}16"


def test_stop_is_one_track_of_nothing_over_all_dots() -> None:
    stop = f"686801{QUIET}ffc0ffc0ffc0ffc016"
    (ready,) = VEST.stops
    assert [write.data.hex() for write in ready.writes] == [stop]
    assert packets({}) == [stop]
    (entry,) = stopbook.entries_of(TEXT)
    assert entry.writes == ((TX, bytes.fromhex(stop), False),)


@pytest.mark.exhaustive
@given(st.lists(st.integers(0, 100), min_size=40, max_size=40))
def test_every_level_is_read_back_and_fits_into_one_write(levels: list[int]) -> None:
    writes = [Write(w.char, w.data, w.response) for w in raw(VEST, levels)]
    assert max(len(write.data) for write in writes) <= 4 + 10 * 16
    passed = admit(VEST, writes, (0,) * 40, 1.0)
    assert passed is not None
    assert list(passed.steps) == levels


@given(st.integers(0, 255), st.integers(0, 35))
def test_a_packet_with_any_other_byte_is_none(value: int, at: int) -> None:
    right = bytes.fromhex(packets({10: 30})[1])
    at %= len(right)
    changed = right[:at] + bytes((value,)) + right[at + 1 :]
    write = Write(TX, changed, response=False)
    levels = levels_of(VEST, write)
    if levels is not None:  # another level of a dot, in the one form that it has
        again = raw(VEST, [level or 0 for level in levels])
        assert changed in [one.data for one in again] or is_stop(VEST, write)


@pytest.mark.parametrize("mode", ["00", "02", "03", "04", "10", "11", "12", "ff"])
def test_no_other_mode_passes_least_of_all_the_electric_ones(mode: str) -> None:
    right = packets({10: 30})[1]
    electric = right.replace(TRACK, mode + TRACK[2:])
    assert electric != right
    assert levels_of(VEST, Write(TX, bytes.fromhex(electric), response=False)) is None


@pytest.mark.parametrize(
    "packet",
    [
        "",
        "686800" + "16",
        f"686801{QUIET}ffc0ffc0ffc0ffc0",
        f"686801{QUIET}ffc0ffc0ffc0ffc01600",
        f"686802{QUIET}ffc0ffc0ffc0ffc016",
        f"686801{TRACK}000100003fc00000000016",
        f"686801{QUIET}000000000000000016",
        f"686801{TRACK}1e1e0000c0400000000016",
    ],
)
def test_what_is_no_whole_packet_of_a_group_is_none(packet: str) -> None:
    assert levels_of(VEST, Write(TX, bytes.fromhex(packet), response=False)) is None


@pytest.mark.parametrize(
    ("wrong", "instead", "line"),
    [
        ("count = 40", "count = 39", 'actuators: codec = "truegear" must have 40 actuators of'),
        ("steps = 100", "steps = 300", "must have 40 actuators of at most 255 steps"),
        ("tx = {", "other = {", 'codec = "truegear": needs a characteristic tx with response'),
        ('codec = "truegear"', 'codec = "true"', "codec = \"true\": must be 'truegear'"),
        ('codec = "truegear"', 'codec = "truegear"\nstop = "00"', "must have stop, but where a"),
    ],
)
def test_a_codec_that_cannot_be_is_named(wrong: str, instead: str, line: str) -> None:
    assert wrong in TEXT
    with pytest.raises(MassagerError) as refusal:
        load_text(TEXT.replace(wrong, instead), "small.toml")
    assert line in str(refusal.value)
