"""The table: what it says, and that a wrong one is refused with the place of the mistake."""

import json
import math
from collections.abc import Callable
from importlib import resources
from pathlib import Path
from typing import Any

import pytest

from devicehub.errors import SafetyRefusal
from devicehub.safety import limits as module
from devicehub.safety.limits import Limits, LimitsError, parse
from tests.every import every

TEXT = resources.files("devicehub.safety").joinpath("zones.json").read_text(encoding="utf-8")
CLASSES = (
    "surface_vibration",
    "handheld_vibration",
    "percussive",
    "rotating_nodes",
    "diffuse_vibration",
)


def changed(change: Callable[[dict[str, Any]], object]) -> str:
    table = json.loads(TEXT)
    change(table)
    return json.dumps(table)


def zone(table: dict[str, Any], zone_id: str) -> dict[str, Any]:
    return next(entry for entry in table["zones"] if entry["id"] == zone_id)


def surface(table: dict[str, Any], zone_id: str) -> dict[str, Any]:
    return zone(table, zone_id)["caps"]["surface_vibration"]


def put(table: dict[str, Any], zone_id: str, key: str, value: object) -> None:
    surface(table, zone_id)[key] = value


def test_the_packaged_table_has_every_zone_and_class(limits: Limits) -> None:
    assert limits.classes == CLASSES
    assert len(limits.zones) == 26


@pytest.mark.parametrize("stimulus_class", CLASSES)
def test_a_forbidden_zone_takes_nothing_from_any_class(limits: Limits, stimulus_class: str) -> None:
    forbidden = [zone for zone in limits.zones.values() if zone.forbidden]
    assert len(forbidden) == 6
    assert {zone.caps[stimulus_class].max_intensity for zone in forbidden} == {0.0}


def test_nothing_percussive_is_allowed_where_nothing_may_knock(limits: Limits) -> None:
    spared = [zone for zone in limits.zones.values() if zone.peak_limited]
    assert {zone.caps["percussive"].max_intensity for zone in spared} == {0.0}


def test_every_strict_or_guarded_zone_is_one_where_nothing_may_knock(limits: Limits) -> None:
    for entry in limits.zones.values():
        assert entry.peak_limited == (entry.tier != "muscle")


def test_no_zone_takes_the_full_strength_of_a_massager(limits: Limits) -> None:
    caps = [caps for entry in limits.zones.values() for caps in entry.caps.values()]
    assert max(cap.max_intensity for cap in caps) <= 0.7


@pytest.mark.parametrize("stimulus_class", CLASSES)
def test_an_unknown_place_takes_no_more_than_any_place(limits: Limits, stimulus_class: str) -> None:
    unknown = limits.caps("unknown", stimulus_class)
    for entry in limits.zones.values():
        if not entry.forbidden:
            assert unknown.max_intensity <= entry.caps[stimulus_class].max_intensity


def test_a_zone_id_that_is_not_listed_is_an_unknown_place(limits: Limits) -> None:
    assert limits.zone("elbow") is limits.zones["unknown"]


def test_a_class_that_is_not_listed_is_an_error(limits: Limits) -> None:
    with pytest.raises(LimitsError, match="class is 'hammer': must be one of surface_vibration"):
        limits.caps("gluteal", "hammer")


def test_a_wrong_table_ends_a_session_as_a_safety_matter() -> None:
    assert issubclass(LimitsError, SafetyRefusal)


def test_coupling_is_the_larger_of_the_two_directions(limits: Limits) -> None:
    assert limits.tau("spine_cervical", "trapezius_upper") == 0.0
    assert limits.tau("gluteal", "spine_sacral") == 0.3
    assert limits.tau("neck_posterior", "spine_cervical") == 0.4
    assert limits.tau("spine_cervical", "neck_posterior") == 0.4
    assert limits.tau("flank_kidney", "latissimus") == 0.2
    assert limits.tau("coccyx", "coccyx") == 1.0


def test_the_packaged_table_is_read_and_a_damaged_one_is_named(
    limits: Limits, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def elsewhere(_package: str) -> Path:
        return tmp_path

    read: Callable[[], Limits] = module.load.__wrapped__
    assert read() == limits
    (tmp_path / "zones.json").write_text("{}", encoding="utf-8")
    monkeypatch.setattr(module.resources, "files", elsewhere)
    with pytest.raises(LimitsError, match=r"^zones\.json: "):
        read()


def test_an_edge_takes_longer_where_nothing_may_knock(limits: Limits) -> None:
    edges_s = limits.edges_s()
    assert list(edges_s) == list(limits.zones)
    assert (edges_s["gluteal"], edges_s["coccyx"]) == (0.12, 0.8)


def test_what_one_zone_alone_says_of_its_neighbour_counts_both_ways() -> None:
    def one_sided(table: dict[str, Any]) -> None:
        zone(table, "coccyx").update(neighbours={})
        zone(table, "gluteal").update(neighbours={"coccyx": 0.35})

    table = parse(changed(one_sided), "zones.json")
    assert (table.tau("gluteal", "coccyx"), table.tau("coccyx", "gluteal")) == (0.35, 0.35)


@pytest.mark.parametrize(
    ("zone_id", "stimulus_class", "cap"),
    [
        ("spine_lumbar", "surface_vibration", 0.4),
        ("spine_lumbar", "percussive", 0.15),
        ("coccyx", "percussive", 0.10),
        ("unknown", "surface_vibration", 0.2),
    ],
)
def test_the_joint_cap_is_twice_the_cap_or_the_floor_of_the_tier(
    limits: Limits, zone_id: str, stimulus_class: str, cap: float
) -> None:
    assert limits.joint_cap(zone_id, stimulus_class) == pytest.approx(cap)


def test_pattern_rates_are_told_for_the_zones_that_take_the_class(limits: Limits) -> None:
    rates = limits.max_pattern_hz("percussive")
    assert rates["gluteal"] == 4.0
    assert "spine_lumbar" not in rates
    assert min(rates.values()) > 0.0


def test_timing_is_read_with_its_numbers(limits: Limits) -> None:
    timing = limits.timing
    assert (timing.frame_ttl_s, timing.slew_dt_max_s, timing.ramp_window_s) == (0.5, 0.06, 30.0)
    assert (timing.edge_min_s, timing.edge_min_peak_limited_s) == (0.12, 0.8)
    assert timing.edge_max_share == 0.5
    assert limits.mild_discomfort_factor == 0.6


def test_the_session_is_read_with_its_numbers(limits: Limits) -> None:
    session = limits.session
    assert (session.max_total_s, session.ends_max_share) == (1800.0, 0.2)
    assert [session.max_active_s[name] for name in CLASSES] == [1800, 1200, 480, 900, 1800]
    assert (session.warmup_s, session.warmup_factor) == (60.0, 0.5)
    assert (session.cooldown_s, session.cooldown_factor) == (60.0, 0.5)


def test_nothing_in_the_table_can_be_changed(limits: Limits) -> None:
    with pytest.raises(TypeError):
        limits.zones["gluteal"].caps["percussive"] = limits.caps("gluteal", "percussive")  # pyright: ignore[reportIndexIssue]
    with pytest.raises(AttributeError):
        limits.timing.frame_ttl_s = 9.0  # pyright: ignore[reportAttributeAccessIssue]


MISTAKES: dict[str, tuple[Callable[[dict[str, Any]], object], str]] = {
    "missing cap": (
        lambda t: surface(t, "gluteal").pop("max_intensity"),
        r"zones\[23\]\.caps\.surface_vibration\.max_intensity is missing",
    ),
    "misspelt cap": (
        lambda t: put(t, "gluteal", "max_intensty", 0.1),
        "max_intensty is 0.1: must be one of the keys",
    ),
    "negative cap": (lambda t: put(t, "gluteal", "max_intensity", -0.1), "from 0 to 1"),
    "cap above 1": (lambda t: put(t, "gluteal", "max_intensity", 1.5), "from 0 to 1"),
    "boolean cap": (lambda t: put(t, "gluteal", "max_intensity", True), "must be a number"),
    "text as cap": (lambda t: put(t, "gluteal", "max_intensity", "0.5"), "must be a number"),
    "null as cap": (lambda t: put(t, "gluteal", "max_intensity", None), "must be a number"),
    "negative seconds": (lambda t: put(t, "gluteal", "min_rest_s", -1), "at least 0"),
    "no rise": (lambda t: put(t, "gluteal", "max_rise_per_s", 0), "above 0"),
    "no pattern": (lambda t: put(t, "gluteal", "max_pattern_hz", 0), "above 0"),
    "frequency 0": (lambda t: put(t, "gluteal", "max_freq_hz", 0), "above 0"),
    "class missing": (
        lambda t: zone(t, "gluteal")["caps"].pop("percussive"),
        r"caps\.percussive is missing",
    ),
    "class unknown": (
        lambda t: zone(t, "gluteal")["caps"].update(hammer={}),
        "hammer is {}: must be one of the keys",
    ),
    "class no object": (
        lambda t: zone(t, "gluteal")["caps"].update(percussive=0.5),
        "percussive is 0.5: must be an object",
    ),
    "flag is a number": (lambda t: zone(t, "coccyx").update(peak_limited=1), "true or false"),
    "tier unknown": (lambda t: zone(t, "coccyx").update(tier="soft"), "one of forbidden, strict"),
    "name empty": (lambda t: zone(t, "coccyx").update(name=""), "must be a text"),
    "name no text": (lambda t: zone(t, "coccyx").update(name=7), "must be a text"),
    "techniques no list": (
        lambda t: zone(t, "coccyx").update(techniques_allowed="vibration"),
        "must be a list",
    ),
    "technique no text": (
        lambda t: zone(t, "coccyx").update(techniques_allowed=[1]),
        "must be a list of texts",
    ),
    "neighbour unknown": (
        lambda t: zone(t, "coccyx").update(neighbours={"elbow": 0.3}),
        "zone coccyx: neighbour 'elbow' is not a zone",
    ),
    "coupling above 1": (
        lambda t: zone(t, "coccyx").update(neighbours={"gluteal": 1.1}),
        "from 0 to 1",
    ),
    "zone twice": (lambda t: t["zones"].append(t["zones"][0]), "a zone appears twice"),
    "no unknown": (lambda t: t["zones"].pop(), 'zones must have "unknown"'),
    "unknown forbidden": (
        lambda t: zone(t, "unknown").update(forbidden=True),
        'zones must have "unknown"',
    ),
    "unknown looser": (
        lambda t: put(t, "unknown", "max_intensity", 0.11),
        "zone spine_cervical, surface_vibration: max_intensity is 0.1: unknown may not allow 0.11",
    ),
    "forbidden opened": (
        lambda t: surface(t, "axilla").update(surface(t, "gluteal"), max_intensity=0.1),
        "zone axilla, surface_vibration: max_intensity is 0.1: forbidden is 0",
    ),
    "forbidden without the tier": (
        lambda t: zone(t, "axilla").update(tier="muscle"),
        "zone axilla: tier and forbidden contradict each other",
    ),
    "no rest": (lambda t: put(t, "gluteal", "min_rest_s", 0), "min_rest_s is 0: must be above 0"),
    "no session": (lambda t: put(t, "gluteal", "max_session_s", 0), "must be above 0"),
    "unknown longer": (
        lambda t: put(t, "unknown", "max_continuous_s", 31),
        "zone spine_cervical, surface_vibration: max_continuous_s is 30: unknown may not allow 31",
    ),
    "unknown rests less": (
        lambda t: put(t, "unknown", "min_rest_s", 59),
        "zone spine_cervical, surface_vibration: min_rest_s is 60: unknown may not allow 59",
    ),
    "session missing": (lambda t: t.pop("session"), "session is missing"),
    "session 0": (lambda t: t["session"].update(max_total_s=0), "max_total_s is 0: must be above"),
    "active of a class missing": (
        lambda t: t["session"]["max_active_s"].pop("percussive"),
        r"session\.max_active_s\.percussive is missing",
    ),
    "active of no class": (
        lambda t: t["session"]["max_active_s"].update(hammer=1),
        "hammer is 1: must be one of the keys",
    ),
    "warm-up stronger": (
        lambda t: t["session"]["warmup"].update(max_intensity_factor=1.5),
        "from 0 to 1",
    ),
    "ends longer than all": (
        lambda t: t["session"].update(ends_max_share=0.6),
        "ends_max_share is 0.6: must be finite and from 0 to 0.5",
    ),
    "timing missing": (lambda t: t["timing"].pop("frame_ttl_s"), "frame_ttl_s is missing"),
    "timing 0": (lambda t: t["timing"].update(frame_ttl_s=0), "frame_ttl_s is 0: must be above 0"),
    "share above 1": (lambda t: t["timing"].update(edge_max_share_of_cap=2), "from 0 to 1"),
    "zones no list": (lambda t: t.update(zones={}), "must be a list"),
}


@every(MISTAKES)
def test_a_mistake_in_the_table_is_named_with_its_place(mistake: str) -> None:
    change, message = MISTAKES[mistake]
    with pytest.raises(LimitsError, match=message) as caught:
        parse(changed(change), "zones.json")
    assert str(caught.value).startswith("zones.json: ")


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity"])
def test_numbers_that_json_does_not_have_are_refused(number: str) -> None:
    with pytest.raises(LimitsError, match=f"{number} is not a number"):
        parse(TEXT.replace('"max_intensity": 0.7', f'"max_intensity": {number}', 1), "x.json")


def test_a_number_too_large_for_a_float_is_refused() -> None:
    text = TEXT.replace('"max_continuous_s": 30,', '"max_continuous_s": 1e999,', 1)
    assert math.isinf(float("1e999"))
    with pytest.raises(LimitsError, match="max_continuous_s is inf: must be finite"):
        parse(text, "x.json")


def test_a_key_that_appears_twice_is_refused() -> None:
    text = TEXT.replace('"max_intensity": 0.7', '"max_intensity": 0.1, "max_intensity": 0.7', 1)
    with pytest.raises(LimitsError, match="key 'max_intensity' appears twice"):
        parse(text, "x.json")


@pytest.mark.parametrize(("text", "message"), [("{", "x.json, line 1: not JSON"), ("[]", "object")])
def test_a_text_that_is_no_json_object_is_refused(text: str, message: str) -> None:
    with pytest.raises(LimitsError, match=message):
        parse(text, "x.json")


def test_the_slowest_rhythms_are_told_as_well(limits: Limits) -> None:
    assert limits.max_pattern_hz("surface_vibration")["coccyx"] == 0.1
    assert limits.max_pattern_hz("diffuse_vibration")["coccyx"] == 1.0
