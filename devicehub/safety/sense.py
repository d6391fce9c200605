"""Does it make sense? What is no number, or not in range, is refused before any rule sees it.

``min(nan, 0.3)`` is NaN and ``min(0.3, nan)`` is 0.3: no rule may have to think of that.
"""

import math
from collections.abc import Sequence
from typing import TypeGuard


def is_fraction(value: object) -> bool:
    """Tell whether `value` is a plain number from 0 to 1; NaN, infinity and booleans are not."""
    return _is_plain(value) and 0.0 <= value <= 1.0


def is_time(value: object) -> bool:
    """Tell whether `value` is a plain finite number."""
    return _is_plain(value) and math.isfinite(value)


def makes_sense(demands: Sequence[Sequence[float]], counts: Sequence[int]) -> bool:
    """Tell whether there is a level from 0 to 1 for each of `counts` actuators, row by row."""
    if len(demands) != len(counts):
        return False
    for row, count in zip(demands, counts, strict=True):
        if len(row) != count:
            return False
        for level in row:
            # Written out, because it runs for every level at every tick. NaN fails the comparison.
            kind = type(level)
            if not ((kind is float or kind is int) and 0.0 <= level <= 1.0):
                return False
    return True


def _is_plain(value: object) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool)
