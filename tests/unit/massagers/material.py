"""What these tests share: vectors, small files, and frames that a real governor judged."""

import json
import math
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from devicehub.massagers.library import load_library, load_text
from devicehub.massagers.model import Massager
from devicehub.safety.frame import CappedFrame
from devicehub.safety.governor import GovernedActuator, Governor, Mount
from devicehub.safety.limits import load

VECTORS = Path(__file__).parents[2] / "vectors"
TICK_S = 0.05

CAPE = load_library()["reference-cape"]
X40 = load_library()["bhaptics-x40"]
DOMI = load_library()["lovense-domi"]
MODELS = (CAPE, X40, DOMI)

SMALL = """
family = "small"
class = "handheld_vibration"
stops_on_disconnect = "no"
on_lost_link = "Switch it off."
evidence = ["made up for a test"]
[identify]
names = ["Small*"]
service = "fff0"
[chars]
tx = { uuid = "fff1", response = true }
[[model]]
name = "small"
title = "Small"
actuators = [{ steps = 10 }]
held = true
set = "A0 {0}"
stop = "A0 00"
[[vectors]]
source = "made up for a test"
levels = [3]
writes = ["a003"]
"""

PAIR = (
    SMALL.replace("[{ steps = 10 }]", "[{ steps = 10, count = 2 }]")
    .replace('"A0 {0}"', '["A0 {0}", "A1 {1}"]')
    .replace('"A0 00"', '["A0 00", "A1 00"]')
    .replace("levels = [3]", "levels = [3, 4]")
    .replace('["a003"]', '["a003", "a104"]')
)


def vectors(name: str) -> Any:
    """Return a file of `tests/vectors`."""
    return json.loads((VECTORS / name).read_text(encoding="utf-8"))


def massager(text: str) -> Massager:
    """Return the first massager of a file's text."""
    return next(iter(load_text(text, "small.toml").massagers.values()))


def governor(subject: Massager) -> Governor:
    """Return a governor for one massager."""
    actuators = tuple(
        GovernedActuator(place.zones, steps, rating)
        for place, steps, rating in zip(
            subject.layout.places, subject.steps, subject.ratings, strict=True
        )
    )
    judge = Governor(load(), (Mount("it", subject.stimulus_class, actuators),))
    judge.grant(math.inf)
    return judge


def judged(subject: Massager, demands: Sequence[Sequence[float]]) -> Iterator[CappedFrame]:
    """Yield the frame of each demand, one a tick, every one of them sent."""
    judge = governor(subject)
    for tick, demand in enumerate(demands):
        now_s = tick * TICK_S
        (frame,) = judge.judge((demand,), now_s)
        judge.sent(frame, now_s)
        yield frame


def steady(subject: Massager, demand: Sequence[float], seconds: float = 30.0) -> CappedFrame:
    """Return the frame that a lasting demand ends in."""
    *_, last = judged(subject, [demand] * round(seconds / TICK_S))
    return last
