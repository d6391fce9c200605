"""Checksums of massager frames, each over bytes 0..255 to a fixed number of bytes.

Which family uses which is in its file; the names are the words of the frame language.
"""

from collections.abc import Callable, Mapping
from functools import reduce
from types import MappingProxyType

Buffer = bytes | bytearray
Checksum = Callable[[Buffer], bytes]

# CRC-16/MODBUS (Modbus over serial line, V1.02, appendix B): polynomial 0x8005 reflected.
_CRC16_POLYNOMIAL = 0xA001
_CRC16_START = 0xFFFF


def exclusive_or(data: Buffer) -> bytes:
    """Return the exclusive-or of all bytes, one byte."""
    return bytes((reduce(int.__xor__, data, 0),))


def sum8(data: Buffer) -> bytes:
    """Return the sum of all bytes modulo 256, one byte."""
    return bytes((sum(data) & 0xFF,))


def sum_ff(data: Buffer) -> bytes:
    """Return the inverted sum of all bytes modulo 256, one byte."""
    return bytes((~sum(data) & 0xFF,))


def not7(data: Buffer) -> bytes:
    """Return the lower seven bits of the inverted sum of all bytes, one byte."""
    return bytes((~sum(data) & 0x7F,))


def crc16(data: Buffer) -> bytes:
    """Return the CRC-16/MODBUS, two bytes, the low one first as it goes over the wire."""
    crc = _CRC16_START
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ _CRC16_POLYNOMIAL if crc & 1 else crc >> 1
    return crc.to_bytes(2, "little")


# Word of the language: the function and how many bytes it gives.
CHECKSUMS: Mapping[str, tuple[Checksum, int]] = MappingProxyType(
    {
        "xor": (exclusive_or, 1),
        "sum8": (sum8, 1),
        "sumFF": (sum_ff, 1),
        "not7": (not7, 1),
        "crc16": (crc16, 2),
    }
)
