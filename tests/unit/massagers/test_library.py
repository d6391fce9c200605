"""The packaged massagers: what their files say, and where their motors sit."""

from itertools import combinations
from pathlib import Path

import pytest

from devicehub.errors import MassagerError, UsageError
from devicehub.massagers.library import Packaged, identities, load_file, load_library
from devicehub.massagers.model import Massager
from devicehub.massagers.overlap import overlap
from devicehub.massagers.show import describe
from devicehub.massagers.wire import Encoded
from devicehub.safety.limits import load
from profiles.body import zones_touched
from tests.shipped import ROOT
from tests.unit.massagers.material import CAPE, DOMI, MODELS, PAIR, SMALL, X40, massager

LIBRARY = ROOT / "devicehub" / "massagers" / "library"

each = pytest.mark.parametrize("subject", MODELS, ids=lambda subject: subject.model)


def test_the_library_is_read_once() -> None:
    assert load_library() is load_library()


def test_a_family_is_built_when_one_of_its_models_is_looked_up() -> None:
    library = Packaged()
    assert "lovense-domi" in library
    assert len(library.identities) == len(library) == len([*library])
    assert library["lovense-domi"] is library["lovense-domi"]
    with pytest.raises(KeyError):
        library["lovense"]


def test_no_advertisement_could_be_two_massagers_of_the_library() -> None:
    known = load_library().identities.items()
    twins = [(a, b) for (a, one), (b, other) in combinations(known, 2) if overlap(one, other)]
    assert twins == []


def test_a_library_says_who_its_massagers_are_built_or_not() -> None:
    packaged = load_library()
    assert identities({"cape": CAPE}) == {"cape": CAPE.identify}
    assert all(packaged[model].identify == one for model, one in identities(packaged).items())


@pytest.mark.parametrize(
    ("wrong", "instead", "line"),
    [
        ('"Small*"', '"LVS-*"', "must tell small from lovense-domi of the library"),
        ('name = "small"', 'name = "lovense-domi"', "must not be that of a packaged massager"),
    ],
)
def test_a_file_of_ones_own_is_no_packaged_massager(
    wrong: str, instead: str, line: str, tmp_path: Path
) -> None:
    path = tmp_path / "small.toml"
    text = SMALL.replace(wrong, instead)
    if "LVS" in instead:
        text = text.replace('"fff0"', '"57300001-0023-4bd4-bbd5-a6920e4c5653"')
    path.write_text(text, encoding="utf-8")
    with pytest.raises(MassagerError, match=line):
        load_file(path)


def test_a_packaged_file_is_checked_as_it_stands() -> None:
    assert "lovense-domi" in load_file(LIBRARY / "lovense.toml").massagers


@each
def test_every_zone_that_a_motor_touches_is_listed(subject: Massager) -> None:
    for place in subject.layout.places:
        if place.x_cm is not None and place.y_cm is not None:
            assert set(zones_touched(place.x_cm, place.y_cm, place.footprint_cm)) <= set(
                place.zones
            )


@each
def test_left_and_right_are_alike(subject: Massager) -> None:
    placed = {(p.x_cm, p.y_cm): (p.footprint_cm, set(p.zones)) for p in subject.layout.places}
    placed.pop((None, None), None)
    for (x_cm, y_cm), felt in placed.items():
        assert x_cm is not None
        assert placed[-x_cm, y_cm] == felt


@each
def test_the_limits_know_its_class_and_its_zones(subject: Massager) -> None:
    limits = load()
    assert subject.stimulus_class in limits.classes
    for place in subject.layout.places:
        assert set(place.zones) <= set(limits.zones)


@each
def test_a_lost_link_is_answered_with_a_sentence_and_evidence(subject: Massager) -> None:
    assert subject.on_lost_link.endswith(".")
    assert subject.evidence


def test_the_capes_motors_sit_where_its_specification_says() -> None:
    places = [(p.x_cm, p.y_cm, p.footprint_cm) for p in CAPE.layout.places]
    assert places[0:3] == [(-9, 60.5, 1.7), (0, 55, 1.2), (9, 60.5, 1.7)]
    assert places[3:6] == [(-4.2, 46, 1.7), (0, 46, 1.2), (4.2, 46, 1.7)]
    assert places[6:9] == [(-4.2, 34, 1.7), (0, 34, 1.2), (4.2, 34, 1.7)]
    assert places[9:12] == [(-4.2, 21, 1.7), (0, 21, 1.2), (4.2, 21, 1.7)]


def test_the_cape_stops_by_itself() -> None:
    assert (CAPE.stops_on_disconnect, CAPE.lease_s, CAPE.refresh_s) == ("yes", 2.0, 1.0)


def test_the_others_may_keep_running() -> None:
    assert X40.stops_on_disconnect == "unknown"
    assert DOMI.stops_on_disconnect == "no"
    assert (X40.lease_s, DOMI.lease_s) == (None, None)


def test_the_gaps_are_the_vendors() -> None:
    assert (CAPE.min_gap_s, X40.min_gap_s, DOMI.min_gap_s) == (0.0, 0.02, 0.1)


def test_the_vests_back_is_a_grid_of_four_by_five() -> None:
    columns, rows = (-10.5, -3.5, 3.5, 10.5), (54, 46, 38, 30, 22)
    for index, place in enumerate(X40.layout.places[10:30], start=10):
        block, inside = divmod(index - 10, 10)
        assert place.x_cm == columns[2 * block + inside % 2]
        assert place.y_cm == rows[inside // 2]


def test_the_vests_front_has_no_place_and_only_forbidden_zones() -> None:
    limits = load()
    for index in (*range(10), *range(30, 40)):
        place = X40.layout.places[index]
        row = index % 10 // 2
        assert (place.x_cm, place.y_cm) == (None, None)
        assert place.zones == (("chest_anterior",) if row <= 2 else ("abdomen",))
        assert all(limits.zone(zone).forbidden for zone in place.zones)


def test_a_handheld_needs_a_zone_until_it_has_one() -> None:
    assert DOMI.needs_zone
    held = DOMI.held_at("gluteal")
    assert not held.needs_zone
    assert [place.zones for place in held.layout.places] == [("gluteal",)]
    assert [place.zones for place in DOMI.layout.places] == [()]


def test_a_handheld_can_be_moved_to_another_zone() -> None:
    moved = DOMI.held_at("gluteal").held_at("thigh_posterior")
    assert moved.layout.places[0].zones == ("thigh_posterior",)


def test_a_zone_that_does_not_exist_is_refused_with_those_that_do() -> None:
    with pytest.raises(UsageError, match=r"--zone bum: no such zone; must be one of .*gluteal"):
        DOMI.held_at("bum")


def test_a_massager_with_places_takes_no_zone() -> None:
    assert not CAPE.needs_zone
    with pytest.raises(UsageError, match="reference-cape has places of its own"):
        CAPE.held_at("gluteal")


@each
def test_a_massager_is_described_by_the_public_contract(subject: Massager) -> None:
    said = describe(subject)
    assert list(said) == [
        "model",
        "family",
        "class",
        "actuators",
        "stop",
        "stops_on_disconnect",
        "lease_s",
        "heat",
        "status",
        "refused",
        "evidence",
    ]
    assert [actuator["index"] for actuator in said["actuators"]] == [*range(len(subject.steps))]


def test_the_capes_description_has_its_motors_and_its_stop() -> None:
    said = describe(CAPE)
    assert said["actuators"][1] == {
        "index": 1,
        "kind": "vibration",
        "steps": 100,
        "zones": ["spine_thoracic"],
        "x_cm": 0,
        "y_cm": 55,
    }
    assert said["stop"] == [
        {"char": "7d3c0002-52a4-4c0e-9f6b-2b1e8a6cd101", "hex": "00", "response": True}
    ]


def test_a_file_of_ones_own_is_loaded(tmp_path: Path) -> None:
    path = tmp_path / "small.toml"
    path.write_text(SMALL, encoding="utf-8")
    assert list(load_file(path).massagers) == ["small"]


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(MassagerError, match=r"nowhere.toml: cannot be read: No such file"):
        load_file(tmp_path / "nowhere.toml")


def test_a_file_that_is_no_text_is_named(tmp_path: Path) -> None:
    path = tmp_path / "bytes.toml"
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(MassagerError, match=r"bytes.toml: is no text in UTF-8"):
        load_file(path)


def test_one_line_can_stand_for_each_actuator() -> None:
    listed = massager(PAIR)
    said = PAIR.replace('set = ["A0 {0}", "A1 {1}"]', 'set_each = "A{level}"')
    assert "set_each" in said
    each_one = massager(said.replace('"A{level}"', '"text M{index}:{level};"'))
    assert [frame.build((3, 4), 0) for frame in each_one.codec.frames] == [b"M0:3;", b"M1:4;"]
    assert [frame.build((3, 4), 0) for frame in listed.codec.frames] == [b"\xa0\x03", b"\xa1\x04"]


def test_a_wire_and_a_rating_belong_to_their_actuator() -> None:
    subject = massager(
        SMALL.replace("[{ steps = 10 }]", '[{ steps = 10, wire = "*2", rating = 0.5 }]')
    )
    assert subject.ratings == (0.5,)
    assert subject.codec.frames[0].build((4,), 0) == b"\xa0\x08"


def test_a_connect_step_may_expect_nothing() -> None:
    subject = massager(SMALL.replace("[[model]]", '[[connect]]\nwrite = "01"\n[[model]]'))
    (step,) = subject.connect
    assert step.expect is None
    assert isinstance(step.does, Encoded)
    assert [write.data for write in step.does.writes] == [b"\x01"]
