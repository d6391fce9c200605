"""Rules that look at a whole profile: its length and the order of its techniques.

They read the file as it stands, mistakes and all, so that every broken rule is told together with
every other mistake.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple, cast

from profiles.borders import COOL_DOWN_S, CROSS_S, GENTLE_PART, WARM_UP_S
from profiles.borders import GENTLE_LEVEL as GENTLE_PART_OF_LEVEL
from profiles.stage import PATTERN_MARGIN
from profiles.techniques.base import LONGEST_S

# The order of a massage in home-massage texts, gentle to lively (article L11 to L14, L88 to L99),
# as ranks. Stroking opens, and may come again at any time as a rest or an end. Pinching and rolling
# take folds of skin, as kneading does (L96), and stand with it. Tapping is the final stage (L14).
# Of points the article says no order (L20 to L28): hold comes anywhere between.
ORDER: tuple[tuple[str, ...], ...] = (
    ("rubbing",),
    ("kneading", "pinching", "rolling"),
    ("vibration",),
    ("tapping",),
)
_RANKS = {name: rank for rank, names in enumerate(ORDER) for name in names}
_FINAL = "tapping"

# What `gentle = true` promises. Half of the lowest cap of a muscle, so that it fits a person whose
# answers halve the caps, within the quarter of an hour that some of them leave.
GENTLE_LEVEL = 0.25
GENTLE_S = 900.0
DELICATE = ("spine_", "coccyx", "neck_")

# What `walking_safe = true` promises: nothing that throws somebody out of step.
WALKING_LEVEL = 0.3
WALKING = ("stroking", "vibration")


class Planned(NamedTuple):
    """A rule that a composer keeps on every massager: its id, and a sentence for people."""

    id: str
    sentence: str


PLANNED = (
    Planned(
        "soft ends",
        f"every level rises from {GENTLE_PART_OF_LEVEL:.0%} in the first {WARM_UP_S:g} s and falls "
        f"to it in the last {COOL_DOWN_S:g} s, each at most {GENTLE_PART:.0%} of the session",
    ),
    Planned(
        "crossing",
        f"phases go over into each other within {CROSS_S:g} s on either side, and add up in power",
    ),
    Planned(
        "rhythm",
        f"nothing comes again faster than {PATTERN_MARGIN:.0%} of what the strictest zone takes",
    ),
    Planned("spine", "hands work beside the spine; only stroking and vibration may touch it"),
    Planned("taps", "no taps where nothing may knock, or slow ones if there is no other place"),
    Planned("softest step", "where a massager has no step so soft, its softest one is played"),
)


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
    return [
        *_named_twice(profile),
        *_gentle(profile, tables),
        *_walking(profile, tables),
        *_one_each(tables),
        *_once(tables),
        *_order(tables),
        *_length(tables),
    ]


def _named_twice(profile: Mapping[str, object]) -> Iterator[Broken]:
    for key in ("preparation", "suits"):
        twice = _twice(profile.get(key))
        if twice:
            yield Broken((key,), f"names {twice} twice; name each once")


def _gentle(profile: Mapping[str, object], phases: list[Mapping[str, object]]) -> Iterator[Broken]:
    if profile.get("gentle") is not True:
        return
    total_s = sum(_seconds(phase) for phase in phases)
    if total_s > GENTLE_S:
        right = (
            f"a gentle profile lasts {GENTLE_S / 60.0:g} minutes at most, not {total_s / 60:.4g}"
        )
        yield Broken(("gentle",), right)
    for index, phase in enumerate(phases):
        if _highest(phase) > GENTLE_LEVEL:
            right = f"a gentle profile has no level above {GENTLE_LEVEL:g}"
            yield Broken(("phase", index, "level"), right)
        for key in ("zones", "return_zones"):
            spared = [z for z in _strings(phase.get(key)) if z.startswith(DELICATE)]
            if spared:
                right = f"a gentle profile spares neck and spine; leave out {', '.join(spared)}"
                yield Broken(("phase", index, key), right)


def _walking(profile: Mapping[str, object], phases: list[Mapping[str, object]]) -> Iterator[Broken]:
    if profile.get("walking_safe") is not True:
        return
    if profile.get("posture") != "standing":
        yield Broken(("walking_safe",), 'is for posture = "standing"')
    for index, phase in enumerate(phases):
        if _highest(phase) > WALKING_LEVEL:
            right = f"a profile for walking has no level above {WALKING_LEVEL:g}"
            yield Broken(("phase", index, "level"), right)
        if phase.get("technique") not in WALKING:
            right = f"a profile for walking has {' and '.join(WALKING)} only"
            yield Broken(("phase", index, "technique"), right)


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
            twice = _twice(phase.get(key))
            if twice:
                yield Broken(("phase", index, key), f"names {twice} twice; name each zone once")


def _order(phases: list[Mapping[str, object]]) -> Iterator[Broken]:
    names = [phase.get("technique") for phase in phases]
    if "stroking" in names and names[0] != "stroking":
        at = ("phase", names.index("stroking"), "technique")
        yield Broken(at, "a massage begins with stroking; make it the first phase")
    highest = ""
    for index, each in enumerate(names):
        name = str(each)
        if highest == _FINAL and name == "hold":
            yield Broken(("phase", index, "technique"), "hold comes before tapping, which is last")
        if name not in _RANKS:
            continue
        if highest and _RANKS[name] < _RANKS[highest]:
            right = f"{name} comes before {highest}; the order is {_spelled()}"
            yield Broken(("phase", index, "technique"), right)
        highest = name


def _spelled() -> str:
    ranks = (first + (f" (with {', '.join(more)})" if more else "") for first, *more in ORDER)
    return ", ".join(("stroking", *ranks))


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


def _highest(phase: Mapping[str, object]) -> float:
    """Return the highest level of a phase, as far as it is one."""
    level = phase.get("level")
    pair = cast("Sequence[object]", level) if isinstance(level, list | tuple) else (level,)
    return max((each for each in pair if isinstance(each, int | float)), default=0.0)


def _strings(value: object) -> list[str]:
    named = cast("Sequence[object]", value) if isinstance(value, list | tuple) else ()
    return [each for each in named if isinstance(each, str)]


def _twice(value: object) -> str:
    """Return the first word that a list names more than once, or nothing."""
    times = Counter(_strings(value))
    return next((word for word, count in times.items() if count > 1), "")
