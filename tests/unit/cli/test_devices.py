"""`devicehub devices`: models, facts, raw bytes."""

import json

import pytest

from devicehub.massagers.library import load_library
from tests.unit.cli.shell import devicehub, here

MODELS = sorted(load_library())
KEYS = {
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
}


def test_the_list_names_every_model(capsys: pytest.CaptureFixture[str]) -> None:
    said = here(capsys, "devices", "list")
    assert [line.split()[0] for line in said.out.splitlines()] == MODELS


def test_the_list_as_json_is_one_object_a_model(capsys: pytest.CaptureFixture[str]) -> None:
    lines = here(capsys, "devices", "list", "--json").out.splitlines()
    assert [json.loads(line)["model"] for line in lines] == MODELS


@pytest.mark.parametrize("model", MODELS)
def test_show_as_json_has_the_keys_of_the_contract(
    model: str, capsys: pytest.CaptureFixture[str]
) -> None:
    shown = json.loads(here(capsys, "devices", "show", model, "--json").out)
    assert set(shown) == KEYS
    assert shown["model"] == model


def test_show_draws_every_motor_of_the_cape_beside_or_on_the_spine(
    capsys: pytest.CaptureFixture[str],
) -> None:
    rows = here(capsys, "devices", "show", "reference-cape").out.splitlines()[-4:]
    assert [row.split()[-3:] for row in rows] == [
        ["0", "1", "2"],
        ["3", "4", "5"],
        ["6", "7", "8"],
        ["9", "10", "11"],
    ]


def test_show_says_which_motors_are_not_on_the_back(capsys: pytest.CaptureFixture[str]) -> None:
    said = here(capsys, "devices", "show", "bhaptics-x40").out
    assert "20 motors not on the back: Front of the chest; abdomen" in said


def test_encode_gives_the_writes_for_raw_levels(capsys: pytest.CaptureFixture[str]) -> None:
    said = here(capsys, "devices", "encode", "lovense-domi", "5", "--json")
    (write,) = json.loads(said.out)["writes"]
    assert bytes.fromhex(write["hex"]) == b"Vibrate:5;"
    assert set(write) == {"char", "hex", "response"}


@pytest.mark.wallclock
def test_encode_reads_sets_of_levels_from_standard_input() -> None:
    said = devicehub("devices", "encode", "lovense-domi", "-", "--json", stdin="0\n\n20\n")
    assert said.code == 0
    assert len(said.out.splitlines()) == 2


@pytest.mark.parametrize(
    ("levels", "words"),
    [
        (("21",), "must be 0 to 20"),
        (("-1",), "must be a whole number"),
        (("1.5",), "must be a whole number"),
        (("\N{SUPERSCRIPT TWO}",), "must be a whole number"),
        (("1", "2"), "1 levels wanted, not 2"),
    ],
)
def test_bad_levels_are_one_line_and_exit_2(
    levels: tuple[str, ...], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    said = here(capsys, "devices", "encode", "lovense-domi", *levels)
    assert (said.code, said.out) == (2, "")
    assert said.err.count("\n") == 1
    assert words in said.err


@pytest.mark.wallclock
def test_a_bad_line_of_standard_input_is_named() -> None:
    said = devicehub("devices", "encode", "lovense-domi", "-", stdin="1\nx\n")
    assert said.code == 2
    assert "standard input, line 2" in said.err
    assert len(said.out.splitlines()) == 1


def test_a_misspelt_model_is_exit_2(capsys: pytest.CaptureFixture[str]) -> None:
    assert here(capsys, "devices", "show", "lovense-dom").code == 2
