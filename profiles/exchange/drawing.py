"""Drawing: what was read from a foreign file, made fit for one phase, or refused with a reason."""

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import cast

from pydantic import BaseModel, ConfigDict, ValidationError

from profiles.curve import Curve, Point
from profiles.errors import ProfileError
from profiles.techniques.base import LONGEST_S, SHORTEST_PHASE_S
from profiles.techniques.envelope import MOST_POINTS

# A script for half an hour has some hundred kB.
LARGEST_BYTES = 8 * 1024 * 1024
MOST_MISTAKES = 20
LONGEST_VALUE = 40
# A jump is written as two points so far apart, in seconds: less than a motor can follow.
JUMP_S = 0.001
# What thinning out may cost, tried from the least on: parts of the strongest level.
TOLERANCES = (0.001, 0.002, 0.005, 0.01, 0.02)
TIME_DIGITS, LEVEL_DIGITS = 3, 4


class Strict(BaseModel):
    """What is read of somebody else's format: right types and ranges; keys beyond are theirs."""

    model_config = ConfigDict(strict=True, frozen=True, allow_inf_nan=False)


@dataclass(frozen=True, slots=True)
class Drawing:
    """One curve, ready to be a phase.

    Attributes:
        title: What it calls itself; may be empty.
        curve: Its levels; times begin at 0 and have three digits, levels four.
        notes: What of the file is not in the curve, one sentence each.
    """

    title: str
    curve: Curve
    notes: tuple[str, ...]


def parsed(text: str, source: str) -> object:
    """Return JSON as Python values.

    Raises:
        ProfileError: It is no JSON, or has numbers that are none.
    """

    def refuse(word: str) -> object:
        raise ProfileError(f"{source}: has the value {word}; numbers only")

    try:
        return json.loads(text, parse_constant=refuse)
    except json.JSONDecodeError as error:
        raise ProfileError(f"{source}:{error.lineno}: is not JSON: {error.msg}") from error
    except (RecursionError, ValueError) as error:
        raise ProfileError(f"{source}: is not JSON that anybody draws: too deep or long") from error


def told(error: ValidationError, source: str) -> ProfileError:
    """Return the mistakes of a file, a line each: key, value and what would be right."""
    lines = [
        f"{source}: {_spelt(each['loc'])} = {_short(each['input'])}: "
        + each["msg"].replace("Input should be", "must be")
        for each in error.errors()[:MOST_MISTAKES]
    ]
    if error.error_count() > MOST_MISTAKES:
        lines.append(f"{source}: has more mistakes; mend these first")
    return ProfileError("\n".join(lines))


def drawn(points: Sequence[Point], source: str, title: str, notes: Sequence[str]) -> Drawing:
    """Return the drawing through `points`.

    Raises:
        ProfileError: Times go back, or it is longer than a session may be, or has more points than
            can be left out without changing what is felt.
    """
    for number, (before, here) in enumerate(pairwise(points), 2):
        if here[0] < before[0]:
            raise ProfileError(
                f"{source}: point {number} is at {here[0]:g} s, before {before[0]:g} s; "
                "times must not go back"
            )
    whole = Curve.through(_rounded(points))
    if whole.end_s > LONGEST_S:
        raise ProfileError(
            f"{source}: lasts {whole.end_s / 60.0:.4g} minutes; a session has "
            f"{LONGEST_S / 60.0:g} at most: cut it into several"
        )
    if not whole.end_s:
        raise ProfileError(f"{source}: lasts no time; give two points at different times")
    curve, thinned = _thin(whole, source)
    return Drawing(title, curve, (*notes, *thinned, *_repeated(curve)))


def _rounded(points: Sequence[Point]) -> list[Point]:
    """Begin at 0, round, and pull points of one time apart: the first and the last of them."""
    rounded: list[Point] = []
    near = [(round(t_s, TIME_DIGITS), round(level, LEVEL_DIGITS)) for t_s, level in points]
    if near and near[0][0] > 0.0:
        near.insert(0, (0.0, near[0][1]))
    groups = [(t_s, [level for _, level in group]) for t_s, group in groupby(near, lambda p: p[0])]
    for t_s, levels in groups:
        before_s = round(t_s - JUMP_S, TIME_DIGITS)
        if levels[0] != levels[-1] and rounded and rounded[-1][0] < before_s:
            rounded.append((before_s, levels[0]))
        rounded.append((t_s, levels[-1]))
    return rounded


def _thin(curve: Curve, source: str) -> tuple[Curve, tuple[str, ...]]:
    count = len(curve.times_s)
    if count <= MOST_POINTS:
        return curve, ()
    for tolerance in TOLERANCES:
        thin = curve.thinned(tolerance)
        if len(thin.times_s) <= MOST_POINTS:
            became = f"{count} points became {len(thin.times_s)}; none of them is further than "
            return thin, (f"{became}{tolerance:.1%} of the strongest level from where it was",)
    raise ProfileError(
        f"{source}: has {count} points, and {MOST_POINTS} cannot draw them within "
        f"{TOLERANCES[-1]:.0%}: cut it into several, or draw it smoother"
    )


def _repeated(curve: Curve) -> tuple[str, ...]:
    times = repeats(curve)
    if times == 1:
        return ()
    return (f"lasts {curve.end_s:g} s only and is played {times} times: a phase has 5 s at least",)


def repeats(curve: Curve) -> int:
    """Return how often a curve is played so that a phase is long enough."""
    return max(1, math.ceil(SHORTEST_PHASE_S / curve.end_s))


def _spelt(loc: tuple[int | str, ...]) -> str:
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in loc)
    return text.removeprefix(".") or "the file"


def _short(value: object) -> str:
    if isinstance(value, dict | list):
        size = len(cast("Sequence[object]", value))
        return f"({size} values)" if size else "(empty)"
    said = json.dumps(value, ensure_ascii=True)
    return said if len(said) <= LONGEST_VALUE else f"{said[:LONGEST_VALUE]}..."
