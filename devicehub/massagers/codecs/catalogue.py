"""The codecs by the name that a file gives: ``codec = "truegear"``.

Light imports only: a stop is made from here too, by the emergency path.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Protocol

from devicehub.massagers.codecs import truegear
from devicehub.massagers.frame import Char, Frame, Tables


class FrameMaker(Protocol):
    """A module of this package: it makes the same frames that a line of a file would."""

    def levels(self, char: Char, tables: Tables) -> tuple[Frame, ...]:
        """Return level frames that together carry every level once.

        Raises:
            FrameError: These are not the actuators of the family.
        """
        ...

    def stop(self, char: Char) -> Frame:
        """Return the frame that stops everything."""
        ...


BY_NAME: Mapping[str, FrameMaker] = MappingProxyType({"truegear": truegear})
