"""A test over many small cases: one item for pytest, every case tried, all that fail told.

What takes a millisecond costs pytest several when each case is an item of its own. Cases that need
fixtures, or take long, stay parameters.
"""

from collections.abc import Callable, Iterable
from functools import update_wrapper
from inspect import Signature
from typing import TypeVar, TypeVarTuple

import pytest

Case = TypeVar("Case")
Row = TypeVarTuple("Row")

SAID = 200  # characters of a case in the report


def every(
    cases: Iterable[Case], name: Callable[[Case], str] = repr
) -> Callable[[Callable[[Case], None]], Callable[[], None]]:
    """Make one test of a test of one argument; `name` tells which case failed."""
    return every_row([(case,) for case in cases], name)


def every_row(
    rows: Iterable[tuple[*Row]], name: Callable[[*Row], str] | None = None
) -> Callable[[Callable[[*Row], None]], Callable[[], None]]:
    """Make one test of a test of several arguments.

    Raises:
        ValueError: There are no cases.
    """
    kept = list(rows)
    if not kept:
        raise ValueError("a test over no case cannot fail")

    def over_all(test: Callable[[*Row], None]) -> Callable[[], None]:
        def tried() -> None:
            failures = [failure for row in kept if (failure := _failure(test, row, name))]
            if failures:
                raise BaseExceptionGroup(f"{len(failures)} of {len(kept)} cases", failures)

        update_wrapper(tried, test, updated=())
        tried.__dict__.update(  # its marks, and that it has no arguments
            pytestmark=list(getattr(test, "pytestmark", [])), __signature__=Signature()
        )
        return tried

    return over_all


def _failure(
    test: Callable[[*Row], None], row: tuple[*Row], name: Callable[[*Row], str] | None
) -> BaseException | None:
    try:
        test(*row)
    except (Exception, pytest.fail.Exception) as failure:  # noqa: BLE001 - told with the others
        failure.add_note(f"case: {name(*row) if name else repr(row):.{SAID}}")
        return failure
    return None
