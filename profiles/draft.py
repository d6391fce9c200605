"""Draft: a few answers become the file of a profile, with a word about everything in it."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from profiles.rules import ORDER
from profiles.techniques import TECHNIQUES
from profiles.techniques.base import PhaseBase

Strength = Literal["gentle", "medium", "firm"]
STRENGTHS: tuple[Strength, ...] = ("gentle", "medium", "firm")
_SHARE: Mapping[Strength, float] = {"gentle": 0.0, "medium": 0.4, "firm": 0.8}

PLACES: Mapping[str, tuple[str, ...]] = {
    "neck": ("neck_posterior",),
    "shoulders": ("trapezius_upper",),
    "shoulder blades": ("rhomboid", "trapezius_mid_low"),
    "upper back": ("paraspinal_thoracic",),
    "lower back": ("paraspinal_lumbar",),
    "whole back": ("paraspinal_lumbar", "paraspinal_thoracic", "trapezius_mid_low"),
    "sides": ("latissimus",),
    "seat": ("gluteal",),
    "thighs": ("thigh_posterior",),
}
"""What people call places, and the zones that a massager has there."""

# From a file only: nobody draws a curve by answering questions.
DRAWN = "envelope"
CHOICES: tuple[str, ...] = (
    "stroking",
    *(name for rank in ORDER[:-1] for name in rank),
    "hold",
    *ORDER[-1],
)
"""Techniques in an order that a massage may have."""

_ABOUT: Mapping[str, str] = {
    "stroking": "A touch that travels up and comes back: it begins a massage.",
    "rubbing": "Both hands against each other, from the side to the centre.",
    "kneading": "Press, hold, release, place by place.",
    "pinching": "A small fold of skin, taken and let go.",
    "rolling": "A soft fold that rolls from the side to the spine and back.",
    "vibration": "A steady hum that is never lifted off.",
    "hold": "A quiet press on one place, then a rest.",
    "tapping": "Short, light touches, left and right: it comes last.",
}
_SHORTEST_S = 10


@dataclass(frozen=True, slots=True)
class Draft:
    """The answers.

    Attributes:
        title: What it is called.
        purpose: What it is for, a sentence.
        posture: As in a profile.
        minutes: Its length.
        zones: Ids of zones, each once.
        techniques: Names, in any order.
        strength: How strong.
    """

    title: str
    purpose: str
    posture: str
    minutes: float
    zones: Sequence[str]
    techniques: Sequence[str]
    strength: Strength


def text_of(draft: Draft) -> str:
    """Return the file: phases of one length each, in order, at levels that are usual."""
    played = [name for name in CHOICES if name in draft.techniques]
    seconds = max(_SHORTEST_S, int(draft.minutes * 60) // len(played))
    summary = f"{draft.minutes:g} minutes: {', '.join(played)}."
    phases = "".join(_phase(draft, name, seconds) for name in played)
    return f"""\
# {_plain(draft.title)}: made by devicehub profiles new. Change what you like, then:
#   devicehub profiles check FILE     every mistake, and what massagers make of it
#   devicehub profiles plot FILE --device reference-cape
#   devicehub play FILE --device sim:reference-cape

title = {_quoted(draft.title)}
summary = {_quoted(summary)}
purpose = {_quoted(draft.purpose)}
posture = "{draft.posture}"  # seated, prone (face down), supine (face up) or standing
intent = "wellness"
{phases}"""


def level_of(technique: str, strength: Strength) -> float:
    """Return a usual level of a technique, 0..1, from its lower end to near its upper one."""
    least, most = TECHNIQUES[technique].usual
    return round(least + _SHARE[strength] * (most - least), 2)


def _phase(draft: Draft, technique: str, seconds: int) -> str:
    zones = ", ".join(map(_quoted, draft.zones))
    level = level_of(technique, draft.strength)
    return "\n".join(
        (
            "",
            f"# {_ABOUT[technique]}",
            "[[phase]]",
            f'technique = "{technique}"',
            f"zones = [{zones}]",
            f"seconds = {seconds}",
            f"level = {level:g}  # 0 to 1; or [at the start, at the end]",
            *_own_keys(TECHNIQUES[technique]),
            'cue = ""  # a sentence for the person, when the phase begins',
            "",
        )
    )


def _own_keys(technique: type[PhaseBase]) -> Iterator[str]:
    """Yield the technique's own keys as comments, with their defaults and what may stand there."""
    for name, field in technique.model_fields.items():
        if name not in PhaseBase.model_fields and name != "technique":
            unset = field.default is None or field.default == ()
            value = "" if unset else f" {json.dumps(field.default)}"
            yield f"# {name} ={value}  # {field.description}"


def _plain(text: str) -> str:
    return "".join(c if c.isprintable() else " " for c in text)


def _quoted(text: str) -> str:
    return json.dumps(_plain(text), ensure_ascii=False)
