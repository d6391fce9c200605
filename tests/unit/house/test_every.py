"""A test over many cases tries them all and tells all that fail."""

import pytest

from tests.every import every, every_row


def _is_small(number: int) -> None:
    """Fail for a number that is not small."""
    assert number < 3


def test_every_case_is_tried_and_all_that_fail_are_told() -> None:
    tried = every([1, 3, 2, 4])(_is_small)
    with pytest.raises(BaseExceptionGroup, match="2 of 4 cases") as told:
        tried()
    assert [failure.__notes__ for failure in told.value.exceptions] == [["case: 3"], ["case: 4"]]


def test_what_holds_in_every_case_passes() -> None:
    every([1, 2])(_is_small)()


def test_a_case_may_have_several_arguments_and_a_name() -> None:
    def are_alike(one: int, other: int) -> None:
        if one != other:
            pytest.fail("not alike")

    tried = every_row([(1, 1), (1, 2)], lambda one, other: f"{one} and {other}")(are_alike)
    with pytest.raises(BaseExceptionGroup) as told:
        tried()
    assert [failure.__notes__ for failure in told.value.exceptions] == [["case: 1 and 2"]]


def test_a_test_over_no_case_is_refused() -> None:
    none: list[int] = []
    with pytest.raises(ValueError, match="cannot fail"):
        every(none)(_is_small)


def test_a_test_keeps_its_name_its_sentence_and_its_marks() -> None:
    tried = every([1])(pytest.mark.thorough(_is_small))
    assert (tried.__name__, tried.__doc__) == (_is_small.__name__, _is_small.__doc__)
    assert vars(tried)["pytestmark"] == vars(_is_small)["pytestmark"]
