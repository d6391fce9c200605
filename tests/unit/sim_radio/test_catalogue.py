"""Models, names and addresses of simulated massagers."""

import subprocess
import sys

import pytest

import firmware_sim
from firmware_sim.catalogue import MODELS, address_of, build, names


def test_every_model_can_be_built_and_says_so() -> None:
    assert [build(model).model for model in MODELS] == list(MODELS)


def test_an_unknown_model_is_named_with_those_that_exist() -> None:
    with pytest.raises(ValueError, match="reference-cape") as mistake:
        build("toaster")
    assert "'toaster'" in str(mistake.value)


def test_the_second_of_a_model_has_a_number() -> None:
    assert names(["a", "b", "a", "a"]) == ("a", "b", "a#2", "a#3")


def test_addresses_follow_the_place_in_the_list() -> None:
    assert [address_of(place) for place in (0, 1, 255)] == [
        "C0:00:00:00:00:01",
        "C0:00:00:00:00:02",
        "C0:00:00:00:01:00",
    ]


def test_the_package_has_no_other_names() -> None:
    with pytest.raises(AttributeError, match="nothing_of_ours"):
        _ = firmware_sim.nothing_of_ours


def test_asking_for_the_models_loads_neither_bumble_nor_bleak() -> None:
    program = (
        "import sys, firmware_sim; firmware_sim.MODELS;"
        "print({'bumble', 'bleak', 'asyncio'} & set(sys.modules))"
    )
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    assert told.stdout == b"set()\n"
