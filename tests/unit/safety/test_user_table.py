"""A user's own table: it can take away, and whatever else it tries is an error with its place."""

import contextlib
import dataclasses
import itertools
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devicehub.safety import limits as table
from devicehub.safety.limits import ClassCaps, Limits, LimitsError

LIMITS = table.load()
KEYS = [each.name for each in dataclasses.fields(ClassCaps)]


def cells(limits: Limits) -> Iterator[tuple[str, str, ClassCaps]]:
    """Yield every zone, class and what the one takes from the other."""
    for zone in limits.zones.values():
        for name, caps in zone.caps.items():
            yield zone.id, name, caps


def is_no_looser(tight: Limits, loose: Limits) -> bool:
    for (_, _, ours), (_, _, theirs) in zip(cells(tight), cells(loose), strict=True):
        for key in KEYS:
            mine, other = getattr(ours, key), getattr(theirs, key)
            if other is not None and (mine < other if key.startswith("min_") else mine > other):
                return False
    times = zip(
        [tight.session.max_total_s, tight.daily.max_active_s, *tight.session.max_active_s.values()],
        [loose.session.max_total_s, loose.daily.max_active_s, *loose.session.max_active_s.values()],
        strict=True,
    )
    return all(mine <= other for mine, other in times)


def test_an_empty_table_changes_nothing(limits: Limits) -> None:
    assert limits.tightened("", "own.toml") == limits


def test_a_value_for_a_zone_holds_for_every_class_that_had_more(limits: Limits) -> None:
    own = limits.tightened("[zones.paraspinal_lumbar]\nmax_intensity = 0.3", "own.toml")
    levels = [caps.max_intensity for caps in own.zones["paraspinal_lumbar"].caps.values()]
    assert levels == [0.3, 0.3, 0.2, 0.3, 0.3]


def test_a_value_for_a_class_holds_for_that_class(limits: Limits) -> None:
    own = limits.tightened("[zones.gluteal.percussive]\nmax_session_s = 30", "own.toml")
    changed = [cell for cell in zip(cells(own), cells(limits), strict=True) if cell[0] != cell[1]]
    ((zone, name, caps), _) = changed[0]
    assert (len(changed), zone, name) == (1, "gluteal", "percussive")
    assert caps.max_session_s == 30.0


def test_a_rest_may_be_longer(limits: Limits) -> None:
    own = limits.tightened("[zones.gluteal]\nmin_rest_s = 45", "own.toml")
    rests = [caps.min_rest_s for caps in own.zones["gluteal"].caps.values()]
    assert rests == [45.0, 45.0, 45.0, 60.0, 60.0]


def test_a_frequency_may_be_limited_where_none_is_known(limits: Limits) -> None:
    own = limits.tightened("[zones.gluteal]\nmax_freq_hz = 45", "own.toml")
    assert [caps.max_freq_hz for caps in own.zones["gluteal"].caps.values()] == [45, 45, 40, 45, 45]


def test_a_zone_may_be_ruled_out(limits: Limits) -> None:
    own = limits.tightened("[zones.rhomboid]\nmax_intensity = 0", "own.toml")
    assert {caps.max_intensity for caps in own.zones["rhomboid"].caps.values()} == {0.0}


def test_the_session_and_the_day_may_be_shorter(limits: Limits) -> None:
    text = "session.max_total_s = 600\nsession.max_active_s.percussive = 60\ndaily.max_active_s = 9"
    own = limits.tightened(text, "own.toml")
    assert own.session.max_total_s == 600.0
    assert own.session.max_active_s == {**limits.session.max_active_s, "percussive": 60.0}
    assert own.daily.max_active_s == 9.0


def test_a_pad_may_be_cooler_and_rest_longer(limits: Limits) -> None:
    own = limits.tightened("heat.max_surface_c = 38\nheat.min_off_s = 1800", "own.toml")
    assert (own.heat.max_surface_c, own.heat.min_off_s) == (38.0, 1800.0)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("max_intensity", 0.05),
        ("max_continuous_s", 10.0),
        ("max_session_s", 20.0),
        ("max_daily_s", 30.0),
        ("max_rise_per_s", 0.01),
        ("max_pattern_hz", 0.05),
        ("min_rest_s", 99.0),
    ],
)
def test_what_is_tighter_than_an_unknown_place_tightens_that_too(
    limits: Limits, key: str, value: float
) -> None:
    own = limits.tightened(f"[zones.gluteal.surface_vibration]\n{key} = {value}", "own.toml")
    assert getattr(own.caps("unknown", "surface_vibration"), key) == value
    assert own.zones["unknown"].caps["percussive"] == limits.zones["unknown"].caps["percussive"]


MISTAKES = {
    "looser": (
        "zones.gluteal.max_intensity = 0.71",
        "max_intensity is 0.71: must be from 0 to 0.7",
    ),
    "looser for a class": (
        "zones.paraspinal_lumbar.surface_vibration.max_intensity = 0.51",
        "surface_vibration.max_intensity is 0.51: must be from 0 to 0.5",
    ),
    "negative": ("zones.gluteal.max_intensity = -0.1", "is -0.1: must be from 0 to 0.7"),
    "nan": ("zones.gluteal.max_intensity = nan", "is nan: must be from 0 to 0.7"),
    "rise nan": ("zones.gluteal.max_rise_per_s = nan", "is nan: must be above 0 and at most 0.1"),
    "no frequency": ("zones.gluteal.max_freq_hz = inf", "is inf: must be above 0 and finite"),
    "no seconds": ("zones.gluteal.max_session_s = 0", "is 0: must be above 0 and at most 1800"),
    "short rest": ("zones.gluteal.min_rest_s = 29", "is 29: must be finite and at least 30"),
    "endless rest": ("zones.gluteal.min_rest_s = inf", "is inf: must be finite"),
    "vast rest": (f"zones.gluteal.min_rest_s = 1{'0' * 400}", "must be finite and at least 30"),
    "boolean": ("zones.gluteal.max_intensity = false", "is False: must be a number"),
    "text": ("zones.gluteal.max_intensity = '0'", "is '0': must be a number"),
    "a forbidden zone": ("zones.axilla.max_intensity = 0", "left out: nothing may move there"),
    "a class that may not move": (
        "zones.spine_lumbar.percussive.min_rest_s = 9",
        "is 9: must be left out: nothing may move there",
    ),
    "unknown key": ("zones.gluteal.tier = 'muscle'", "tier is 'muscle': must be one of the keys"),
    "unknown key of a class": ("zones.gluteal.percussive.x = 1", "x is 1: must be one of the keys"),
    "unknown zone": (
        "zones.elbow.max_intensity = 0",
        "zones.elbow: no such zone; must be a zone: head",
    ),
    "no table of a zone": ("zones.gluteal = 1", "zones.gluteal is 1: must be a table"),
    "no table of a class": ("zones.gluteal.percussive = 1", "percussive is 1: must be a table"),
    "no table": ("zones = 1", "zones is 1: must be a table"),
    "timing": ("timing.frame_ttl_s = 0.1", "timing is not for you to set: only zones, session, da"),
    "conditions": ("conditions = []", "conditions is not for you to set"),
    "long session": ("session.max_total_s = 1801", "must be above 0 and at most 1800"),
    "no session": ("session.max_total_s = 0", "must be above 0 and at most 1800"),
    "warm-up": ("session.warmup_s = 90", "session.warmup_s is 90: must be one of the keys max_tot"),
    "long class": (
        "session.max_active_s.percussive = 481",
        "percussive is 481: must be above 0 an",
    ),
    "no class": ("session.max_active_s.hammer = 1", "hammer is 1: must be one of the keys surface"),
    "no classes": ("session.max_active_s = 1", "session.max_active_s is 1: must be a table"),
    "long day": ("daily.max_active_s = 2701", "must be above 0 and at most 2700"),
    "warmer": ("heat.max_surface_c = 40.5", "is 40.5: must be above 0 and at most 40"),
    "short rest of a pad": ("heat.min_off_s = 1199", "must be finite and at least 1200"),
    "trip": ("heat.trip_surface_c = 40.5", "heat.trip_surface_c is 40.5: must be one of the keys"),
    "endless value": (
        f"session.max_total_s = 0x{'f' * 5000}",
        "session.max_total_s is something endless: must be above 0 and at most 1800",
    ),
    "no TOML": ("[zones", "not TOML: "),
    "twice": ("session.max_total_s = 9\nsession.max_total_s = 99", "not TOML: "),
    "digits": (f"session.max_total_s = 1{'0' * 5000}", "not TOML: "),
    "deep": (f"x = {'[' * 9999}", "not TOML: "),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_what_is_not_tighter_is_refused_with_its_place(limits: Limits, mistake: str) -> None:
    text, message = MISTAKES[mistake]
    with pytest.raises(LimitsError, match=message) as caught:
        limits.tightened(text, "own.toml")
    assert str(caught.value).startswith("own.toml: ")


def test_all_mistakes_are_told_at_once(limits: Limits) -> None:
    text = "timing = 1\nzones.gluteal.max_intensity = 1\nsession.max_total_s = -1"
    with pytest.raises(LimitsError) as caught:
        limits.tightened(text, "own.toml")
    assert len(str(caught.value).splitlines()) == 3


rows = st.tuples(
    st.sampled_from([*LIMITS.zones]),
    st.sampled_from([None, *LIMITS.classes]),
    st.sampled_from(KEYS),
    st.floats(0.0, 2000.0) | st.floats(0.0, 1.0),
)


@pytest.mark.exhaustive
@given(st.lists(rows, max_size=4, unique_by=lambda row: row[:3]))
def test_whatever_is_taken_is_no_looser_and_keeps_the_tiers_in_order(
    written: list[tuple[str, str | None, str, float]],
) -> None:
    own = LIMITS
    for zone, name, key, value in written:
        path = ".".join(part for part in ("zones", zone, name, key) if part is not None)
        with contextlib.suppress(LimitsError):
            own = own.tightened(f"{path} = {value}", "own.toml")
    assert is_no_looser(own, LIMITS)
    for zone, name in itertools.product(own.zones.values(), own.classes):
        if not zone.forbidden:
            unknown = own.caps("unknown", name)
            assert unknown.max_intensity <= zone.caps[name].max_intensity
            assert unknown.max_daily_s <= zone.caps[name].max_daily_s


def test_a_user_without_a_file_has_the_packaged_table(limits: Limits, tmp_path: Path) -> None:
    assert table.load_user(tmp_path / "limits.toml") == limits


def test_the_file_of_a_user_is_found_among_their_settings(
    limits: Limits, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def found(name: str, **_options: object) -> Path:
        return tmp_path / name

    monkeypatch.setattr(table.platformdirs, "user_config_path", found)
    (tmp_path / "devicehub").mkdir()
    (tmp_path / "devicehub" / "limits.toml").write_text(
        "session.max_total_s = 60", encoding="utf-8"
    )
    assert table.load_user().session.max_total_s == 60.0


@pytest.mark.parametrize("content", [b"\xff\xfe", b"zones = 1"])
def test_a_file_that_is_wrong_is_named(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "own.toml"
    file.write_bytes(content)
    with pytest.raises(LimitsError, match=r"own\.toml: "):
        table.load_user(file)


def test_a_folder_in_the_place_of_the_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(LimitsError, match="cannot be read"):
        table.load_user(tmp_path)


def test_a_zone_that_is_misspelt_is_told_with_the_nearest(limits: Limits) -> None:
    with pytest.raises(LimitsError) as caught:
        limits.tightened("zones.gluteus.max_intensity = 0", "own.toml")
    assert str(caught.value) == "own.toml: zones.gluteus: no such zone; did you mean gluteal?"


def test_a_table_where_a_number_belongs_is_called_one(limits: Limits) -> None:
    with pytest.raises(LimitsError) as caught:
        limits.tightened("zones.gluteal.max_session_s = {}", "own.toml")
    told = "own.toml: zones.gluteal.max_session_s is a table: must be a number"
    assert str(caught.value) == told


@pytest.mark.parametrize(("length", "told"), [(58, "9" * 58 + "'"), (59, "9" * 59 + "...")])
def test_of_a_long_value_the_beginning_is_told(limits: Limits, length: int, told: str) -> None:
    with pytest.raises(LimitsError) as caught:
        limits.tightened(f"session.max_total_s = '{'9' * length}'", "own.toml")
    right = "must be a number"
    assert str(caught.value) == f"own.toml: session.max_total_s is '{told}: {right}"


MOST = sys.float_info.max


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("max_intensity", 0.7),
        ("max_intensity", 0),
        ("max_session_s", 600),
        ("max_session_s", 0.001),
        ("max_freq_hz", MOST),
        ("min_rest_s", 30),
        ("min_rest_s", MOST),
    ],
)
def test_as_tight_as_it_is_and_as_tight_as_can_be_is_taken(
    limits: Limits, key: str, value: float
) -> None:
    own = limits.tightened(f"zones.gluteal.surface_vibration.{key} = {value!r}", "own.toml")
    assert getattr(own.caps("gluteal", "surface_vibration"), key) == value


@pytest.mark.parametrize(
    ("size", "read"), [(table.MOST_BYTES, True), (table.MOST_BYTES + 1, False)]
)
def test_a_table_of_a_user_is_a_page_or_two(tmp_path: Path, size: int, read: bool) -> None:
    file = tmp_path / "limits.toml"
    file.write_text("#" * size)
    if read:
        assert table.load_user(file) == LIMITS
        return
    with pytest.raises(LimitsError, match=f"an ordinary file of at most {table.MOST_BYTES} bytes"):
        table.load_user(file)
