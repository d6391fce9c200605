"""CappedFrame: a permit that only the governor hands out."""

import copy
import pickle
from typing import Any

import pytest

from devicehub.safety import frame as permit
from devicehub.safety import framing
from devicehub.safety.frame import CappedFrame

FIELDS: dict[str, Any] = {
    "device": "cape",
    "seq": 1,
    "steps": (0, 3),
    "of": (10, 10),
    "levels": (0.0, 0.3),
    "bound_by": (None, "zone"),
    "judged_at_s": 1.0,
    "not_after_s": 1.5,
    "rules": ("zone",),
    "heat_c": None,
}


def minted(**changes: object) -> CappedFrame:
    return framing._mint(**{**FIELDS, **changes})  # pyright: ignore[reportPrivateUsage]


def test_nobody_can_construct_a_frame() -> None:
    with pytest.raises(TypeError, match=r"made by Governor\.judge alone"):
        CappedFrame(**FIELDS)


def test_a_frame_is_read_only() -> None:
    with pytest.raises(AttributeError, match="read-only: steps"):
        minted().steps = (10, 10)  # pyright: ignore[reportAttributeAccessIssue]
    with pytest.raises(AttributeError, match="read-only: steps"):
        del minted().steps


def test_a_frame_has_no_subclass() -> None:
    with pytest.raises(TypeError, match="no subclasses"):
        type("Mine", (CappedFrame,), {})


def test_a_frame_can_be_neither_copied_nor_pickled() -> None:
    with pytest.raises(TypeError):
        copy.copy(minted())
    with pytest.raises(TypeError):
        pickle.loads(pickle.dumps(minted()))  # noqa: S301 - our own bytes


def test_the_mint_is_given_out_once() -> None:
    with pytest.raises(RuntimeError, match="the governor has it"):
        permit.claim_mint()


def test_a_mint_is_kept_from_whoever_comes_second() -> None:
    claim = permit._one_key()  # pyright: ignore[reportPrivateUsage] - a second lock, its own key
    assert claim()(**FIELDS).steps == FIELDS["steps"]
    for _ in range(2):
        with pytest.raises(RuntimeError) as caught:
            claim()
        assert str(caught.value) == "the mint of CappedFrame is taken: the governor has it"


def test_a_frame_shows_its_steps() -> None:
    assert repr(minted()) == "<CappedFrame 1 cape: 0/10 3/10>"


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"steps": (0,)}, "differ in length"),
        ({"levels": (0.0,)}, "differ in length"),
        ({"bound_by": ()}, "differ in length"),
        ({"steps": (), "of": (), "levels": (), "bound_by": ()}, "differ in length"),
        ({"heat_c": 40.1}, "heat is not within"),
        ({"heat_c": -0.1}, "heat is not within"),
        ({"heat_c": float("nan")}, "heat is not within"),
        ({"judged_at_s": float("nan")}, "time is not finite"),
        ({"not_after_s": float("inf")}, "time is not finite"),
        ({"levels": (0.0, float("nan"))}, "a level is not within"),
        ({"levels": (0.0, 1.01)}, "a level is not within"),
        ({"levels": (-0.01, 0.3)}, "a level is not within"),
        ({"steps": (0, 11)}, "a step is not within"),
        ({"steps": (-1, 3)}, "a step is not within"),
    ],
)
def test_even_the_mint_refuses_what_makes_no_sense(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        minted(**changes)


@pytest.mark.parametrize(
    "changes",
    [
        {"heat_c": 0.0},
        {"heat_c": 40.0},
        {"steps": (0, 0), "levels": (0.0, 0.0)},
        {"steps": (10, 10), "levels": (1.0, 1.0)},
        {"steps": (1,), "of": (1,), "levels": (1.0,), "bound_by": (None,)},
    ],
)
def test_what_lies_just_within_is_minted(changes: dict[str, Any]) -> None:
    frame = minted(**changes)
    assert all(getattr(frame, name) == value for name, value in changes.items())


def test_a_frame_of_nothing_at_all_is_none() -> None:
    nothing: dict[str, Any] = {"steps": (), "of": (), "levels": (), "bound_by": ()}
    with pytest.raises(ValueError, match="frame for cape: steps, of, levels, bound_by differ"):
        minted(**nothing)
