"""A name of one's own for one massager: kept, found again, and never half right."""

from pathlib import Path

import pytest

from devicehub.errors import UsageError
from devicehub.radio import saved
from devicehub.radio.saved import Saved

VEST = Saved("vest", "C0:FF:EE:00:00:02", "bhaptics-x40")
WAND = Saved("Wand at home", "C0:FF:EE:00:00:03", "lovense-domi")


@pytest.fixture(autouse=True)
def own_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))


def written(text: str) -> None:
    saved.path().parent.mkdir(parents=True)
    saved.path().write_text(text, encoding="utf-8")


def test_where_nothing_was_saved_nothing_is_known_and_no_file_is_made() -> None:
    assert saved.all_saved() == ()
    assert saved.saved("vest") is None
    assert not saved.path().exists()


def test_what_is_saved_is_found_by_its_name_in_any_letter_case() -> None:
    saved.save(VEST)
    saved.save(WAND)
    assert saved.saved("VEST") == VEST
    assert saved.saved("wand at HOME") == WAND
    assert set(saved.all_saved()) == {VEST, WAND}


def test_a_name_stands_for_one_massager_the_one_that_was_saved_last() -> None:
    saved.save(VEST)
    other = Saved("Vest", "C0:FF:EE:00:00:09", "reference-cape")
    saved.save(other)
    assert saved.all_saved() == (other,)


def test_what_is_forgotten_is_gone_and_the_others_stay() -> None:
    saved.save(VEST)
    saved.save(WAND)
    assert saved.forget("VEST") == VEST
    assert saved.all_saved() == (WAND,)


def test_a_name_leads_to_an_address_and_an_address_to_itself() -> None:
    saved.save(VEST)
    assert saved.address_of("VEST") == VEST.address
    assert saved.address_of(WAND.address) == WAND.address


def test_a_file_that_is_wrong_holds_no_stop_up() -> None:
    written("[vest")
    assert saved.address_of("vest") == "vest"


def test_forgetting_a_stranger_names_those_that_are_known() -> None:
    saved.save(VEST)
    with pytest.raises(UsageError, match="cape: no saved massager of that name; those are: vest"):
        saved.forget("cape")


@pytest.mark.parametrize(
    "name",
    ["", " ", " vest", "x" * 33, "sim:vest", "a@b", "a=b", "--vest", "guide", "ve\nst", "Guide me"],
)
def test_a_name_that_looks_like_something_else_is_no_name(name: str) -> None:
    with pytest.raises(UsageError, match="must"):
        saved.save(Saved(name, VEST.address, VEST.model))
    assert not saved.path().exists()


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("vest = ", "is no TOML"),
        ("vest = 1", "vest is 1: must be a table with address and model"),
        ('[vest]\naddress = "a"', "vest.model is None: must be text"),
        ('[vest]\naddress = 7\nmodel = "m"', "vest.address is 7: must be text"),
        ('[vest]\naddress = ""\nmodel = "m"', "vest.address is '': must be text"),
        ('[vest]\naddress = "a"\nmodel = "m"\npin = 1', "vest.pin: is no key that is known here"),
        ('["sim:x"]\naddress = "a"\nmodel = "m"', r"\[sim:x\]: must not look like another word"),
    ],
)
def test_a_file_that_is_wrong_is_told_with_file_key_and_value(text: str, line: str) -> None:
    written(text)
    with pytest.raises(UsageError, match=line) as told:
        saved.all_saved()
    assert str(told.value).startswith(str(saved.path()))


def test_all_mistakes_are_told_at_once() -> None:
    written('a = 1\n[b]\naddress = "x"')
    with pytest.raises(UsageError) as told:
        saved.all_saved()
    assert len(str(told.value).splitlines()) == 2


def test_a_file_that_is_no_text_is_told(tmp_path: Path) -> None:
    written("")
    saved.path().write_bytes(b"\xff\xfe")
    with pytest.raises(UsageError, match="is no TOML"):
        saved.all_saved()
    saved.path().unlink()
    saved.path().mkdir()
    with pytest.raises(UsageError, match="cannot be read"):
        saved.all_saved()
