"""CappedFrame: levels that the governor let through, and nothing else.

The type is the permit. Bytes for a massager can only be made from one, and one can only be made by
whoever holds the mint, which is given out once, to the governor. Python cannot forbid forgery; it
can make sure that a way around the governor needs intent and does not happen by mistake.
"""

import math
from collections.abc import Callable
from operator import le
from typing import NoReturn, Self, final

# zones.json, heat.max_surface_c: no pad is ever asked for more.
HEAT_MAX_C = 40.0


@final
class CappedFrame:
    """Levels for one massager at one instant, judged.

    Attributes:
        device: Name of the massager, as in its `Mount`.
        seq: Number of the judgement; increases by one with each.
        steps: What to send, in device steps, actuator order.
        of: The device's strongest step, actuator order.
        levels: The same before rounding, 0..1.
        bound_by: For each actuator the id of the rule that held it back, or None.
        judged_at_s: When, on the caller's monotonic clock.
        not_after_s: After this instant the frame is stale and must not be written.
        rules: Ids of all rules that ran.
        heat_c: Target of the heat pad in degrees Celsius, None for off.
    """

    __slots__ = (
        "bound_by",
        "device",
        "heat_c",
        "judged_at_s",
        "levels",
        "not_after_s",
        "of",
        "rules",
        "seq",
        "steps",
    )

    device: str
    seq: int
    steps: tuple[int, ...]
    of: tuple[int, ...]
    levels: tuple[float, ...]
    bound_by: tuple[str | None, ...]
    judged_at_s: float
    not_after_s: float
    rules: tuple[str, ...]
    heat_c: float | None

    def __new__(cls, *_args: object, **_fields: object) -> Self:
        """Refuse: there is no public way to make one."""
        raise TypeError("a CappedFrame is made by Governor.judge alone")

    def __init_subclass__(cls) -> NoReturn:
        raise TypeError("CappedFrame has no subclasses")

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError(f"CappedFrame is read-only: {name}")

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError(f"CappedFrame is read-only: {name}")

    @property
    def idle(self) -> bool:
        """Whether it asks for nothing: every step is 0, the heat pad off."""
        return self.heat_c is None and not any(self.steps)

    def __repr__(self) -> str:
        steps = " ".join(f"{step}/{of}" for step, of in zip(self.steps, self.of, strict=True))
        return f"<CappedFrame {self.seq} {self.device}: {steps}>"


Mint = Callable[..., CappedFrame]


def _mint(**fields: object) -> CappedFrame:
    frame = object.__new__(CappedFrame)
    for name in CappedFrame.__slots__:
        object.__setattr__(frame, name, fields[name])
    _check(frame)
    return frame


def _check(frame: CappedFrame) -> None:
    """Refuse what no judgement may ever contain; a last line, it has no way to be reached."""
    count = len(frame.of)
    if not (len(frame.steps) == len(frame.levels) == len(frame.bound_by) == count > 0):
        raise ValueError(f"frame for {frame.device}: steps, of, levels, bound_by differ in length")
    if not (math.isfinite(frame.judged_at_s) and math.isfinite(frame.not_after_s)):
        raise ValueError(f"frame for {frame.device}: its time is not finite")
    if not (frame.heat_c is None or 0.0 <= frame.heat_c <= HEAT_MAX_C):
        raise ValueError(f"frame for {frame.device}: its heat is not within 0..{HEAT_MAX_C:g}")
    # The sum is NaN if one level is: min and max would look past it.
    if not (
        math.isfinite(sum(frame.levels)) and 0.0 <= min(frame.levels) <= max(frame.levels) <= 1
    ):
        raise ValueError(f"frame for {frame.device}: a level is not within 0..1")
    if min(frame.steps) < 0 or not all(map(le, frame.steps, frame.of)):
        raise ValueError(f"frame for {frame.device}: a step is not within 0..of")


def _one_key() -> Callable[[], Mint]:
    taken = False

    def claim() -> Mint:
        nonlocal taken
        if taken:
            raise RuntimeError("the mint of CappedFrame is taken: the governor has it")
        taken = True
        return _mint

    return claim


claim_mint = _one_key()
"""Give out the mint, once; the governor takes it when it is imported."""
