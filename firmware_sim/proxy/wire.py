"""Messages of ESPHome's native API, by the names that its api.proto gives them."""

from collections.abc import Mapping
from typing import Any, cast

from aioesphomeapi import api_pb2, core

_KINDS = cast("Mapping[int, type[Any]]", vars(core)["MESSAGE_TYPE_TO_PROTO"])  # untyped there
_NUMBERS: Mapping[str, int] = {kind.__name__: number for number, kind in _KINDS.items()}


def message(name: str, /, **fields: object) -> Any:
    """Return a message of that name."""
    return getattr(api_pb2, name)(**fields)


def packed(what: Any) -> tuple[int, bytes]:
    """Return number and bytes of a message, as a frame carries them."""
    return _NUMBERS[type(what).__name__], what.SerializeToString()


def unpacked(number: int, body: bytes) -> Any | None:
    """Return the message of a frame; None for one that nobody knows.

    Raises:
        google.protobuf.message.DecodeError: The bytes are none.
    """
    kind = _KINDS.get(number)
    return None if kind is None else kind.FromString(body)


def halves(uuid: str) -> list[int]:
    """Return a UUID as the two numbers of 64 bits that carry it, the high one first."""
    whole = int(uuid.replace("-", ""), 16)
    return [whole >> 64, whole & 0xFFFF_FFFF_FFFF_FFFF]
