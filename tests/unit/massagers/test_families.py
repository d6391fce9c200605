"""Every family of the library: told apart from all others, driven in full range, with evidence."""

import pytest

from devicehub.massagers import stopbook
from devicehub.massagers.family import Family
from devicehub.massagers.identify import identify
from devicehub.massagers.library import load_library, load_text
from devicehub.massagers.model import Massager
from devicehub.massagers.shelf import texts
from devicehub.safety.limits import load
from profiles.body import zones_touched
from tests.every import every
from tests.unit.massagers.advertised import ADVERTS, STRANGERS, Advert

LIBRARY = load_library()
FAMILIES = [load_text(text, name) for name, text in texts()]
OURS = "reference-cape"

each = every(LIBRARY.values(), lambda subject: subject.model)
every_file = every(FAMILIES, lambda family: family.name)


def model_of(advert: Advert) -> str | None:
    found = identify(LIBRARY, advert.name, advert.services, advert.maker)
    return found.model if found else None


def stop_of(advert: Advert) -> str | None:
    entry = stopbook.stop_writes(advert.name, advert.services, advert.maker)
    return entry.model if entry else None


@every(ADVERTS, lambda advert: advert.name)
def test_an_advertisement_is_one_model_and_no_other(advert: Advert) -> None:
    assert (model_of(advert), stop_of(advert)) == (advert.model, advert.model)


@every(STRANGERS, lambda advert: advert.name)
def test_a_stranger_is_nobody(advert: Advert) -> None:
    assert (model_of(advert), stop_of(advert)) == (None, None)


def test_every_model_on_the_air_is_seen_in_an_advertisement() -> None:
    on_the_air = {model for model, massager in LIBRARY.items() if massager.baud is None}
    assert {advert.model for advert in ADVERTS} == on_the_air


@pytest.mark.exhaustive
def test_a_name_with_the_service_of_another_is_not_that_model() -> None:
    for named in ADVERTS:
        for served in ADVERTS:
            others = named.model != served.model
            if others and set(named.services).isdisjoint(served.services):
                both = Advert("", named.name, served.services, served.maker)
                assert model_of(both) != named.model


@pytest.mark.parametrize("name", [None, "", "Massager", "My bed"])
def test_services_without_a_name_are_nobody(name: str | None) -> None:
    for advert in ADVERTS:
        found = identify(LIBRARY, name, advert.services, {})
        assert found is None, advert.model


@each
def test_a_name_alone_is_nobody(subject: Massager) -> None:
    for name in subject.identify.names:
        assert identify(LIBRARY, name.replace("*", "1"), (), {}) is None


@each
def test_every_zone_that_a_motor_touches_is_listed(subject: Massager) -> None:
    for place in subject.layout.places:
        if place.x_cm is not None and place.y_cm is not None:
            touched = zones_touched(place.x_cm, place.y_cm, place.footprint_cm)
            assert set(touched) <= set(place.zones)


@each
def test_left_and_right_are_alike(subject: Massager) -> None:
    placed = [place for place in subject.layout.places if place.x_cm is not None]
    seen = {(p.x_cm, p.y_cm, p.footprint_cm, frozenset(p.zones)) for p in placed}
    assert {(-x, y, wide, zones) for x, y, wide, zones in seen if x is not None} == seen


@each
def test_the_limits_know_its_class_and_its_zones(subject: Massager) -> None:
    limits = load()
    assert subject.stimulus_class in limits.classes
    assert {zone for place in subject.layout.places for zone in place.zones} <= set(limits.zones)


@each
def test_what_to_do_on_a_lost_link_is_a_sentence(subject: Massager) -> None:
    assert subject.on_lost_link.endswith(".")


@each
def test_frames_keep_a_distance(subject: Massager) -> None:
    assert subject.model == OURS or subject.baud or 0.02 <= subject.min_gap_s <= 0.2


@each
def test_nothing_was_tried_on_hardware_and_it_says_so(subject: Massager) -> None:
    assert subject.model == OURS or subject.evidence[-1] == "not tried on hardware"
    assert len(subject.evidence) >= 3


@each
def test_a_lease_is_known_or_its_end_is_not_promised(subject: Massager) -> None:
    assert subject.lease_s is not None or subject.stops_on_disconnect != "yes"


@every_file
def test_every_model_of_a_file_has_a_vector_and_a_source(family: Family) -> None:
    assert {vector.model for vector in family.vectors} == set(family.massagers)


@every_file
def test_a_file_has_the_name_of_its_family(family: Family) -> None:
    assert family.source == f"{family.name}.toml"
