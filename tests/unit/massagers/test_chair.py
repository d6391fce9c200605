"""Keys of a massage chair: those that our file could say are the vendor's, and it is refused."""

import pytest

from devicehub.massagers.encode import raw
from devicehub.massagers.frame import Char
from devicehub.massagers.library import load_library
from devicehub.massagers.template import compile_frame
from tests.every import every_row
from tests.unit.massagers.material import vectors

KEYS: dict[str, str] = vectors("rongtai_derived.json")["frames"]
CHAIR = load_library()["rongtai-rt8600s"]
# Of 44 keys, those that the file has; every other one starts or toggles something.
SPEEDS = {n: f"speed_{n}" for n in range(1, 7)}
STOP = "roller_off"


@every_row(KEYS.items())
def test_the_checksum_of_every_key_is_the_vendors(name: str, stated: str) -> None:
    key = stated[4:6]
    frame = compile_frame(f"F0 84 {key} {{not7 1}} F1", {"tx": Char("tx", response=False)}, ())
    assert frame.build((), 0).hex() == stated


@pytest.mark.parametrize(("level", "name"), SPEEDS.items())
def test_a_speed_is_the_vendors_key(level: int, name: str) -> None:
    (write,) = raw(CHAIR, [level])
    assert write.data.hex() == KEYS[name]


def test_its_stop_is_a_key_that_only_switches_off() -> None:
    assert [write.data.hex() for write in CHAIR.stops[0].writes] == [KEYS[STOP]]


def test_no_frame_of_ours_is_its_power_key() -> None:
    every = [raw(CHAIR, [level]) for level in range(7)]
    assert KEYS["power"] not in {write.data.hex() for writes in every for write in writes}


def test_it_is_refused_because_a_stop_could_start_it() -> None:
    assert CHAIR.refused is not None
    assert "could set it going" in CHAIR.refused
