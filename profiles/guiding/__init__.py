"""Guiding: a profile as instructions for hands, a roller or a pillow, timed. Pure."""

from profiles.guiding.exercising import exercise_guide
from profiles.guiding.guide import LEAD_S, guide
from profiles.guiding.instruction import Guide, Instruction, Kind, Phrase, Side
from profiles.guiding.tools import TOOLS, Care, Tool

__all__ = [
    "LEAD_S",
    "TOOLS",
    "Care",
    "Guide",
    "Instruction",
    "Kind",
    "Phrase",
    "Side",
    "Tool",
    "exercise_guide",
    "guide",
]
