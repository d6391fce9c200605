"""The checksums that a massager file can name. Pure."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from firmware_sim.firmware.parts import xor_of

_BYTE, _SEVEN_BITS = 0xFF, 0x7F


def _modbus(data: bytes) -> bytes:
    """Return CRC-16/MODBUS, low byte first (Modbus over serial line V1.02, 6.2.2)."""
    register = 0xFFFF
    for byte in data:
        register ^= byte
        for _ in range(8):
            register, last = divmod(register, 2)
            register ^= 0xA001 * last
    return bytes(reversed(divmod(register, 256)))


CHECKS: Mapping[str, Callable[[bytes], bytes]] = MappingProxyType(
    {
        "xor": lambda data: bytes([xor_of(data)]),
        "sum8": lambda data: bytes([sum(data) & _BYTE]),
        "sumFF": lambda data: bytes([_BYTE - (sum(data) & _BYTE)]),
        "not7": lambda data: bytes([_SEVEN_BITS - (sum(data) & _SEVEN_BITS)]),
        "crc16": _modbus,
    }
)
"""Word of the language to the bytes that stand for all before it."""
