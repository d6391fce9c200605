"""Massager files of one's own: beside the library, and never in its place."""

from pathlib import Path

import pytest

from devicehub.errors import MassagerError
from devicehub.massagers import claims, stopbook
from devicehub.massagers.identify import identify
from devicehub.massagers.library import load_library, load_text
from devicehub.massagers.own import known_massagers, known_with, load_own
from devicehub.massagers.shelf import own_folder
from devicehub.safety.limits import UNKNOWN, load
from tests.unit.massagers.material import SMALL
from tests.unit.massagers.test_whitelist import INVENTED

SERVICE = "0000fff0-0000-1000-8000-00805f9b34fb"
WAND = "57300001-0023-4bd4-bbd5-a6920e4c5653"  # of Lovense's wand


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    own_folder().mkdir(parents=True)
    return own_folder()


def put(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


# ------------------------------------------------------------------------------- beside the library


def test_without_a_file_of_ones_own_there_is_the_library_alone(folder: Path) -> None:
    assert known_massagers() is load_library()


def test_a_file_of_ones_own_is_known_and_recognised(folder: Path) -> None:
    put(folder, "small.toml", SMALL)
    known = known_massagers()
    assert set(known) == {*load_library(), "small"}
    assert len(known) == len(load_library()) + 1
    assert "small" in known
    found = identify(known, "Small 1", [SERVICE], {})
    assert found is known["small"]
    assert known["reference-cape"] is load_library()["reference-cape"]


def test_a_wrong_file_hides_nobody_else(folder: Path) -> None:
    wrong = put(folder, "a.toml", "family = ")
    put(folder, "small.toml", SMALL)
    own = load_own()
    assert list(own.massagers) == ["small"]
    assert list(own.mistakes) == [wrong]
    assert "small" in known_massagers()


def test_a_file_whose_vectors_are_not_what_its_frames_give_is_wrong(folder: Path) -> None:
    path = put(folder, "plain.toml", (INVENTED / "plain-wand.toml").read_text("utf-8"))
    path.write_text(path.read_text("utf-8").replace("5a0359", "5a0358"), encoding="utf-8")
    assert "vectors[0].writes" in load_own().mistakes[path]


def test_two_files_that_an_advertisement_fits_are_told_apart_by_their_names(folder: Path) -> None:
    put(folder, "a.toml", SMALL)
    second = put(folder, "b.toml", SMALL.replace('name = "small"', 'name = "other"'))
    third = put(folder, "c.toml", SMALL)
    own = load_own()
    assert list(own.massagers) == ["small"]
    assert "must tell other from small of a.toml" in own.mistakes[second]
    assert "must differ from small of a.toml" in own.mistakes[third]


def test_a_file_that_is_named_stands_before_ones_own(folder: Path, tmp_path: Path) -> None:
    put(folder, "a.toml", SMALL)
    put(folder, "plain.toml", (INVENTED / "plain-wand.toml").read_text("utf-8"))
    named = put(tmp_path, "b.toml", SMALL.replace('name = "small"', 'name = "other"'))
    known = known_with([named])
    assert {"other", "plain-wand"} <= set(known)
    assert "small" not in known
    assert set(known_with([])) == {*load_library(), "small", "plain-wand"}


# ------------------------------------------------------------------------------------ the stop book


def test_the_stop_book_knows_ones_own(folder: Path) -> None:
    put(folder, "small.toml", SMALL)
    put(folder, "broken.toml", "family = ")
    entry = stopbook.stop_writes("Small 1", [SERVICE], {})
    assert entry is not None
    assert entry.model == "small"
    assert entry in stopbook.entries()


def test_a_file_of_ones_own_never_hides_the_stop_of_a_packaged_massager(folder: Path) -> None:
    advertised = ("LVS-Domi37", [WAND], {620: b"\xff\x21"})
    before = stopbook.stop_writes(*advertised)
    text = SMALL.replace('"Small*"', '"LVS-*"').replace('"fff0"', f'"{WAND}"')
    put(folder, "thief.toml", text)
    put(folder, "twin.toml", SMALL.replace('name = "small"', 'name = "lovense-domi"'))
    assert before is not None
    assert stopbook.stop_writes(*advertised) == before
    assert [one for one in stopbook.entries() if one.model == "lovense-domi"] == [before]


def test_no_stop_is_written_where_firmware_is_updated(folder: Path) -> None:
    put(folder, "small.toml", SMALL.replace('"fff1"', '"00001530-1212-efde-1523-785feabcd123"'))
    assert stopbook.stop_writes("Small 1", [SERVICE], {}) is None
    assert "must not be one for firmware updates" in next(iter(load_own().mistakes.values()))


# ---------------------------------------------------------------------------------------- the class


@pytest.mark.parametrize("weak", ["surface_vibration", "diffuse_vibration"])
def test_what_is_held_in_the_hand_is_no_pad_and_no_bed(folder: Path, weak: str) -> None:
    path = put(folder, "small.toml", SMALL.replace("handheld_vibration", weak))
    assert "must not be weaker than handheld_vibration" in load_own().mistakes[path]


@pytest.mark.parametrize("zones", ['["gluteal"]', '["unknown"]', '["gluteal", "unknown"]'])
def test_a_bed_is_felt_in_two_known_zones_or_more(folder: Path, zones: str) -> None:
    text = (INVENTED / "polynomial-bed.toml").read_text("utf-8")
    path = put(folder, "bed.toml", text.replace('["gluteal", "thigh_posterior"]', zones))
    assert "must not be weaker than surface_vibration" in load_own().mistakes[path]


def test_a_class_that_nobody_knows_is_the_strictest(folder: Path) -> None:
    family = load_text(SMALL.replace("handheld_vibration", "unknown"), "small.toml")
    assert family.massagers["small"].stimulus_class == claims.STRICTEST


def test_the_strictest_class_lets_the_least_through_in_every_zone() -> None:
    limits = load()
    for zone in limits.zones:
        strictest = limits.caps(zone, claims.STRICTEST)
        for each in limits.classes:
            assert strictest.max_intensity <= limits.caps(zone, each).max_intensity


def test_a_motor_without_a_known_place_has_the_caps_of_the_unknown_zone(folder: Path) -> None:
    text = SMALL.replace("held = true", 'places = [{ zones = ["unknown"] }]')
    family = load_text(text.replace("handheld_vibration", "surface_vibration"), "small.toml")
    (place,) = family.massagers["small"].layout.places
    assert place.zones == (UNKNOWN,)


def test_a_mistake_in_a_file_that_is_named_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(MassagerError, match="is no TOML"):
        known_with([put(tmp_path, "a.toml", "family = ")])
