"""What is never driven: recognised by what it advertises, and told why in a sentence."""

import pytest

from devicehub.massagers.identify import identify
from devicehub.massagers.library import load_library
from devicehub.massagers.refusing import refusals, refused, undriven
from tests.every import every
from tests.unit.massagers.advertised import ADVERTS, STRANGERS, Advert, short

FFF0 = short("fff0")


@pytest.mark.parametrize(
    ("name", "services", "what"),
    [
        ("BEAR", (FFF0,), "FOREO BEAR: It works with a current"),
        ("BEAR mini", (FFF0,), "FOREO BEAR"),
        ("BEAR2body", (FFF0, short("180f")), "FOREO BEAR"),
        ("BEAR 2", (FFF0.upper(),), "FOREO BEAR"),
        ("BLE_EMS", (), "Electric muscle stimulator"),
        ("BLE_EMS12", (short("ffe0"),), "Electric muscle stimulator"),
        ("Massager191", (FFF0,), "MYCJ Massager 191"),
        ("Smart Neck Massager", (short("fd50"),), "Tuya neck massager"),
    ],
)
def test_what_works_with_current_is_told_why(
    name: str, services: tuple[str, ...], what: str
) -> None:
    said = refused(name, services, {})
    assert said is not None
    assert said.startswith(what)
    assert "through the skin" in said
    assert said.endswith("this program moves motors only.")


@pytest.mark.parametrize(
    ("name", "services"),
    [
        (None, (FFF0,)),
        ("", (FFF0,)),
        ("BEAR", ()),
        ("Teddy BEAR", (FFF0,)),
        ("SYSTEMS", (FFF0,)),
        ("LUNA 3", (FFF0,)),
        ("Neck Massager", (short("180f"),)),
    ],
)
def test_nobody_else_is_told_so(name: str | None, services: tuple[str, ...]) -> None:
    assert refused(name, services, {}) is None


@every(ADVERTS, lambda advert: advert.name)
def test_no_massager_of_the_library_is_taken_for_one(advert: Advert) -> None:
    assert refused(advert.name, advert.services, advert.maker) is None


def test_nothing_that_is_refused_is_a_massager_of_the_library() -> None:
    library = load_library()
    for each in refusals():
        for pattern in each.identify.names:
            for service in (*each.identify.services, FFF0):
                assert identify(library, pattern.replace("*", ""), (service,), {}) is None


def test_the_strangers_that_work_with_current_are_the_refused_ones() -> None:
    told = {s.name for s in STRANGERS if refused(s.name, s.services, s.maker)}
    assert told == {"BEAR", "BEAR2body", "Massager191"}


def test_every_reason_is_a_sentence() -> None:
    for each in (*refusals(), *undriven()):
        assert each.why[0].isupper()
        assert each.why.endswith(".")
        assert each.title


@pytest.mark.parametrize("words", ["modes 10, 11 and 12", "warming", "lifting"])
def test_parts_that_are_left_alone_are_listed(words: str) -> None:
    assert [each.kind for each in undriven() if words in each.title] == ["part"]


@pytest.mark.parametrize("brand", ["Theragun", "Hypervolt", "OSIM", "BioFit", "Woojer", "LeFan"])
def test_brands_without_a_public_protocol_are_listed(brand: str) -> None:
    assert [each.kind for each in undriven() if brand in each.title] == ["closed"]
