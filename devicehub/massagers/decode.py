"""Bytes that a massager notified or that were read from it, to a Report."""

from devicehub.massagers.identity import uuid_matches
from devicehub.massagers.model import Massager
from devicehub.massagers.report import Report


def decode(massager: Massager, char: str, data: bytes) -> Report | None:
    """Return what the device says, or None for bytes that its file does not know.

    Args:
        massager: The product.
        char: UUID of the characteristic, long form, any letter case.
        data: The bytes.
    """
    for frame in massager.reports:
        if uuid_matches(frame.char, char):
            report = frame.read(data)
            if report is not None:
                return report
    return None
