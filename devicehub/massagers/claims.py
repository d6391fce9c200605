"""Claims: which class of massager a file of one's own may say that its massager is.

The class is the row of the table of limits that the caps come from, so a class is *weaker* the
more it lets through. What its layout says decides how weak a class it may have at most:

* what is held in the hand presses as hard as the hand does: never the class of pads, nor of beds;
* a bed moves much of the body a little, through its mattress: every motor of one is felt in at
  least two zones that are known.

A class that nobody knows is the strictest one.
"""

from collections.abc import Iterator

from devicehub.massagers.model import Massager

STRICTEST = "percussive"
"""The class whose caps are the lowest in every zone; ``class = "unknown"`` means it."""

UNKNOWN = "unknown"
_PAD, _BED = "surface_vibration", "diffuse_vibration"
_ZONES_OF_A_BED = 2


def too_weak(massager: Massager) -> Iterator[str]:
    """Say what the class must be instead, once for each thing in its layout that rules it out."""
    stated = massager.stimulus_class
    if massager.held and stated in (_PAD, _BED):
        yield (
            f"must not be weaker than handheld_vibration for {massager.model}, which is held in "
            f"the hand; {UNKNOWN} is always right"
        )
    elif stated == _BED and any(
        len(set(place.zones) - {UNKNOWN}) < _ZONES_OF_A_BED for place in massager.layout.places
    ):
        yield (
            f"must not be weaker than {_PAD} for {massager.model}: each motor of a bed is felt in "
            f"{_ZONES_OF_A_BED} known zones or more; {UNKNOWN} is always right"
        )
