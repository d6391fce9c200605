"""Between: a number of the command line that lies in a range, which "nan" does not."""

import math
from typing import Any

import click


class Between(click.FloatRange):
    """A number from `min` to `max`; click's own range lets through what compares with nothing."""

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        """Return the number, or fail with the range."""
        number: float = super().convert(value, param, ctx)
        if math.isnan(number):
            self.fail(f"{value} is not in the range {self.min:g}<=x<={self.max:g}.", param, ctx)
        return number
