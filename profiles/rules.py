"""Rules that look at a whole profile: its length and the order of its techniques.

They read the file as it stands, mistakes and all, so that every broken rule is told together with
every other mistake.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple, cast

from profiles.techniques.base import LONGEST_S

# The order of a massage in home-massage texts, gentle to lively. Stroking opens, and may come
# again at any time as a rest or an end; what is not listed may come anywhere after it.
ORDER = ("rubbing", "kneading", "vibration", "tapping")


class Broken(NamedTuple):
    """A broken rule: the place in the file, and a sentence that says what would be right."""

    at: tuple[str | int, ...]
    right: str


_NOT_A_TABLE: Mapping[str, object] = {}


def broken(profile: Mapping[str, object]) -> list[Broken]:
    """Return every broken rule of a profile as it is written in a file."""
    phases = profile.get("phase")
    written = cast("list[object]", phases) if isinstance(phases, list) else []
    tables = [
        cast("Mapping[str, object]", phase) if isinstance(phase, Mapping) else _NOT_A_TABLE
        for phase in written
    ]
    return [*_one_each(tables), *_once(tables), *_order(tables), *_length(tables)]


def _one_each(phases: list[Mapping[str, object]]) -> Iterator[Broken]:
    for index, phase in enumerate(phases):
        given = [key for key in ("minutes", "seconds") if phase.get(key) is not None]
        if phase and len(given) != 1:
            found = "has both minutes and seconds" if given else "has no length"
            yield Broken(("phase", index), f"{found}; give either minutes or seconds")
        if phase.get("circles") is not None and phase.get("speed_cm_s") is not None:
            yield Broken(("phase", index), "has both circles and speed_cm_s; give one of them")


def _once(phases: list[Mapping[str, object]]) -> Iterator[Broken]:
    for index, phase in enumerate(phases):
        for key in ("zones", "return_zones"):
            zones = phase.get(key)
            named = cast("Sequence[object]", zones) if isinstance(zones, list | tuple) else ()
            times = Counter(zone for zone in named if isinstance(zone, str))
            twice = [zone for zone, count in times.items() if count > 1]
            if twice:
                yield Broken(("phase", index, key), f"names {twice[0]} twice; name each zone once")


def _order(phases: list[Mapping[str, object]]) -> Iterator[Broken]:
    names = [phase.get("technique") for phase in phases]
    if "stroking" in names and names[0] != "stroking":
        at = ("phase", names.index("stroking"), "technique")
        yield Broken(at, "a massage begins with stroking; make it the first phase")
    ranked = [(index, name) for index, name in enumerate(names) if name in ORDER]
    for (_, before), (index, name) in pairwise(ranked):
        if ORDER.index(str(name)) < ORDER.index(str(before)):
            right = f"{name} comes before {before}; the order is stroking, {', '.join(ORDER)}"
            yield Broken(("phase", index, "technique"), right)


def _length(phases: list[Mapping[str, object]]) -> Iterator[Broken]:
    total_s = sum(_seconds(phase) for phase in phases)
    if total_s > LONGEST_S:
        right = f"lasts {total_s / 60.0:.4g} minutes in all; make it {LONGEST_S / 60.0:g} at most"
        yield Broken(("phase",), right)


def _seconds(phase: Mapping[str, object]) -> float:
    for key, unit_s in (("minutes", 60.0), ("seconds", 1.0)):
        value = phase.get(key)
        # A length that is wrong in itself is told where it stands, and not summed up.
        if isinstance(value, int | float) and 0.0 < value <= LONGEST_S / unit_s:
            return value * unit_s
    return 0.0
