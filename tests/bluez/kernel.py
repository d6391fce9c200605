"""The kernel as it lies in memory: unpacked on the host, once, and not by each emulated machine."""

import lzma
import struct
from pathlib import Path

from tests.bluez.packages import version

_XZ = b"\xfd7zXZ\x00"
_ELF = b"\x7fELF"
# The note of a kernel that can be entered unpacked: Xen's PHYS32_ENTRY, eight bytes.
_ENTRY = struct.pack("<III", 4, 8, 18) + b"Xen\x00"


def image(root: Path) -> Path:
    """Return the kernel to boot: unpacked where it can be entered so, else as it was packaged."""
    packed = root / "boot" / f"vmlinuz-{version(root)}"
    made = root.parent / f"vmlinux-{version(root)}"
    if made.exists():
        return made
    unpacked = _unpacked(packed.read_bytes())
    if unpacked is None:
        return packed
    fresh = made.with_suffix(".new")
    fresh.write_bytes(unpacked)
    fresh.replace(made)
    return made


def _unpacked(image: bytes) -> bytes | None:
    start = image.find(_XZ)
    if start < 0:
        return None
    try:
        kernel = lzma.LZMADecompressor().decompress(image[start:])
    except lzma.LZMAError:
        return None
    return kernel if kernel.startswith(_ELF) and _ENTRY in kernel else None
