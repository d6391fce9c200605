"""Each of the massage chair's 44 keys, from a file of frames that the maker's rule gives."""

import pytest

from tests.unit.firmware_sim.chair import KEYS, Sat, kneading_chair


@pytest.fixture
def kneading() -> Sat:
    return kneading_chair()


FIELDS: dict[str, tuple[int, int, int]] = {
    "width_min": (1, 0x03, 1),
    "width_med": (1, 0x03, 2),
    "width_max": (1, 0x03, 3),
    "locate_full": (3, 0x60, 0x20),
    "locate_part": (3, 0x60, 0x40),
    "locate_point": (3, 0x60, 0x60),
    "timer_20": (11, 0x03, 2),
    "roller_off": (1, 0x20, 0),
    "air_off": (2, 0x07, 0),
}
"""Keys that choose without a strength: byte of the status, mask, value."""

EXTRAS: dict[str, tuple[str, int, int, int]] = {
    "knock": ("technique", 0, 0x38, 2 << 3),
    "press_shiatsu": ("technique", 0, 0x38, 5 << 3),
    "tap_soft_knock": ("technique", 0, 0x38, 4 << 3),
    "knead_knock_sync": ("technique", 0, 0x38, 3 << 3),
    "rhythm": ("technique", 0, 0x38, 6 << 3),
    "auto_recovery": ("massage program", 12, 0x3C, 1 << 2),
    "auto_extend": ("massage program", 12, 0x3C, 3 << 2),
    "auto_relax": ("massage program", 12, 0x3C, 2 << 2),
    "auto_refresh": ("massage program", 12, 0x3C, 4 << 2),
    "auto_shoulder_neck": ("massage program", 12, 0x3C, 5 << 2),
    "auto_waist": ("massage program", 12, 0x3C, 6 << 2),
    "heat_toggle": ("heat", 1, 0x40, 0x40),
    "roller_slow": ("foot rollers", 1, 0x20, 0x20),
    "roller_med": ("foot rollers", 5, 0x60, 0x40),
    "roller_fast": ("foot rollers", 5, 0x60, 0x60),
    "airbag_leg": ("air pressure", 11, 0x7C, 1 << 2),
    "airbag_waist_back": ("air pressure", 11, 0x7C, 1 << 3),
    "airbag_arm_shoulder": ("air pressure", 11, 0x7C, 1 << 4),
    "airbag_buttocks": ("air pressure", 11, 0x7C, 1 << 5),
    "airbag_full_auto": ("air pressure", 11, 0x7C, 1 << 6),
    **{f"air_strength_{n}": ("air pressure", 2, 0x07, n) for n in range(1, 6)},
}
"""Keys for what is not kneading: as what it is taped, and where the status shows it."""

OF_THEIR_OWN = {"power", "knead", "timer_10", "timer_30", *(f"speed_{n}" for n in range(1, 7))}


def test_each_of_the_44_keys_has_a_test() -> None:
    assert {*FIELDS, *EXTRAS, *OF_THEIR_OWN} == set(KEYS)
    assert len(FIELDS) + len(EXTRAS) + len(OF_THEIR_OWN) == 44


@pytest.mark.parametrize("key", FIELDS)
def test_a_key_that_chooses_shows_in_the_status_alone(kneading: Sat, key: str) -> None:
    place, mask, value = FIELDS[key]
    kneading.press(key, 3.0)
    assert kneading.body[place] & mask == value
    assert (kneading.level, kneading.asked) == (1, [])


@pytest.mark.parametrize("key", EXTRAS)
def test_a_key_that_is_not_kneading_shows_and_is_taped_as_asked_for(
    kneading: Sat, key: str
) -> None:
    what, place, mask, value = EXTRAS[key]
    kneading.press(key, 3.0)
    assert kneading.body[place] & mask == value
    assert kneading.asked == [what]


def test_switching_an_extra_off_is_not_asking_for_it(kneading: Sat) -> None:
    for key in ("heat_toggle", "air_strength_3", "roller_fast"):
        kneading.press(key, 3.0)
    kneading.asked.clear()
    for key in ("heat_toggle", "air_off", "roller_off"):
        kneading.press(key, 4.0)
    assert kneading.asked == []
    assert (kneading.body[1] & 0x60, kneading.body[2] & 0x07) == (0, 0)
