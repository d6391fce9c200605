"""Updating: the characteristics through which firmware is replaced. Nothing here ever writes there.

Imports nothing of ours but patterns of UUIDs: the emergency path needs it without pydantic.
"""

from devicehub.massagers.overlap import uuids_overlap

# Nordic's secure and buttonless DFU (fe59, 8ec9....), its legacy DFU (1530 to 1534), Silicon Labs'
# and Texas Instruments' (OAD).
_CHARS = (
    "0000fe59-0000-1000-8000-00805f9b34fb",
    "8ec9000?-f315-4f60-9fb8-838830daea50",
    *(f"0000153{last}-1212-efde-1523-785feabcd123" for last in range(5)),
    "1d14d6ee-fd63-4fa1-bfa4-8f47b42119f0",
    "f7bf3564-fb6d-4e53-88a4-5e37e0326063",
    "f000ffc?-0451-4000-b000-000000000000",
)


def updates_firmware(uuid: str) -> bool:
    """Say whether a UUID, long form and lower case, ``?`` for any digit, may be one of those."""
    return any(uuids_overlap(uuid, update) for update in _CHARS)
