"""Which massager an advertisement is, and how it is stopped in an emergency."""

import subprocess
import sys
from collections.abc import Mapping

import pytest

from devicehub.massagers import stopbook
from devicehub.massagers.identify import identify
from devicehub.massagers.identity import Identity, Manufacturer, full_uuid, matches, name_matches
from devicehub.massagers.library import load_library
from devicehub.massagers.model import Massager
from tests.unit.massagers.material import MODELS, SMALL, massager

CAPE_SERVICE = "7d3c0001-52a4-4c0e-9f6b-2b1e8a6cd101"
UART_SERVICE = "6e400001-b5a3-f393-e0a9-e50e24dcca9e"
DOMI_SERVICE = "57300001-0023-4bd4-bbd5-a6920e4c5653"
LUSH_SERVICE = "53300001-0023-4bd4-bbd5-a6920e4c5653"


@pytest.mark.parametrize(
    ("name", "services", "model"),
    [
        ("DH-CAPE", (CAPE_SERVICE,), "reference-cape"),
        ("DH-CAPE", (CAPE_SERVICE.upper(), "180f"), "reference-cape"),
        ("TactSuitX40", (UART_SERVICE,), "bhaptics-x40"),
        ("LVS-Domi37", (DOMI_SERVICE,), "lovense-domi"),
        ("LOVE-W", (DOMI_SERVICE,), "lovense-domi"),
        ("DH-CAPE", (), None),
        ("DH-CAPE2", (CAPE_SERVICE,), None),
        ("dh-cape", (CAPE_SERVICE,), None),
        (None, (CAPE_SERVICE,), None),
        ("", (UART_SERVICE,), None),
        ("Some UART", (UART_SERVICE,), None),
        ("TactSuitX16", (UART_SERVICE,), "bhaptics-x16"),
        ("LVS-Z001", (LUSH_SERVICE,), None),
        ("LVS-Domi37", (UART_SERVICE,), None),
    ],
)
def test_an_advertisement_is(
    name: str | None, services: tuple[str, ...], model: str | None
) -> None:
    found = identify(load_library(), name, services, {})
    assert (found.model if found else None) == model
    entry = stopbook.stop_writes(name, services, {})
    assert (entry.model if entry else None) == model


@pytest.mark.parametrize(
    ("data", "is_one"),
    [({}, False), ({7: b"\xff"}, False), ({620: b"\xff\x22"}, False), ({620: b"\xff\x21z"}, True)],
)
def test_manufacturer_data_has_to_hold_too(data: Mapping[int, bytes], is_one: bool) -> None:
    identity = Identity(("A*",), (), Manufacturer(620, (b"\xff\x21",)))
    assert matches(identity, "A1", (), data) is is_one
    assert not matches(identity, "B1", (), data)


def test_what_fits_two_models_is_neither() -> None:
    twins: dict[str, Massager] = {
        model: massager(SMALL.replace('name = "small"', f'name = "{model}"'))
        for model in ("one", "two")
    }
    assert identify(twins, "Small 1", ("fff0",), {}) is None


def test_in_a_name_only_the_star_is_special() -> None:
    assert name_matches("LVS-*", "LVS-")
    assert name_matches("*x*", "axb")
    assert not name_matches("A.C", "ABC")
    assert not name_matches("[AB]", "A")


def test_uuids_come_in_three_lengths() -> None:
    assert full_uuid("2A19") == full_uuid("00002a19") == "00002a19-0000-1000-8000-00805f9b34fb"
    assert full_uuid(CAPE_SERVICE.upper()) == CAPE_SERVICE
    for wrong in ("", "2a1", "2a19-", "x" * 36):
        with pytest.raises(ValueError, match="is no UUID"):
            full_uuid(wrong)


@pytest.mark.parametrize("subject", MODELS, ids=lambda subject: subject.model)
def test_the_stop_book_says_what_the_library_says(subject: Massager) -> None:
    entry = next(entry for entry in stopbook.entries() if entry.model == subject.model)
    stop = subject.stops[0]
    assert entry.writes == tuple((write.char, write.data, write.response) for write in stop.writes)
    assert entry.identify == subject.identify
    assert entry.on_lost_link == subject.on_lost_link


def test_the_stop_book_reads_files_of_any_shape() -> None:
    maker = 'manufacturer = { company = 7, prefix = ["01", "02 03"] }'
    own = 'names = ["S1"], service = ["fff1", "????0001-002?-4bd4-bbd5-a6920e4c5653"]'
    text = (
        SMALL.replace('names = ["Small*"]', f'names = ["Small*"]\n{maker}')
        .replace('"A0 00"', '["A0 00", "text off"]')
        .replace("held = true", f'held = true\nidentify = {{ {own}, exclude = ["S1X"] }}')
    )
    for variant in (text, text.replace('names = ["S1"]', 'names = ["S2"]'), SMALL):
        (entry,) = stopbook.entries_of(variant)
        subject = massager(variant)
        assert entry.identify == subject.identify
        assert [data for _, data, _ in entry.writes] == [w.data for w in subject.stops[0].writes]
    (entry,) = stopbook.entries_of(
        SMALL.replace("[chars]", "manufacturer = { company = 7 }\n[chars]")
    )
    assert entry.identify.manufacturer == Manufacturer(7)


def test_the_stop_book_knows_every_model() -> None:
    assert {entry.model for entry in stopbook.entries()} == set(load_library())


@pytest.mark.wallclock
def test_the_stop_book_needs_nothing_heavy() -> None:
    heavy = ("pydantic", "profiles", "bumble", "bleak", "click", "devicehub.safety", "asyncio")
    code = (
        "import sys; from devicehub.massagers import stopbook; stopbook.entries(); "
        f"print([name for name in {heavy!r} if name in sys.modules])"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout == "[]\n"
