"""Techniques: one file each. A new one is its file and its name in this union."""

from typing import Annotated, get_args

from pydantic import Discriminator

from profiles.techniques.base import PhaseBase
from profiles.techniques.envelope import Envelope
from profiles.techniques.hold import Hold
from profiles.techniques.kneading import Kneading
from profiles.techniques.pinching import Pinching
from profiles.techniques.rolling import Rolling
from profiles.techniques.rubbing import Rubbing
from profiles.techniques.stroking import Stroking
from profiles.techniques.tapping import Tapping
from profiles.techniques.vibration import Vibration

Phase = Annotated[
    Stroking | Rubbing | Kneading | Pinching | Rolling | Hold | Vibration | Tapping | Envelope,
    Discriminator("technique"),
]

TECHNIQUES: dict[str, type[PhaseBase]] = {
    get_args(technique.model_fields["technique"].annotation)[0]: technique
    for technique in get_args(get_args(Phase)[0])
}

__all__ = [
    "TECHNIQUES",
    "Envelope",
    "Hold",
    "Kneading",
    "Phase",
    "Pinching",
    "Rolling",
    "Rubbing",
    "Stroking",
    "Tapping",
    "Vibration",
]
