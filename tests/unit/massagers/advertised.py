"""What each massager advertises, written from public descriptions and not from our files."""

from dataclasses import dataclass, field

UART = "6e400001-b5a3-f393-e0a9-e50e24dcca9e"
MAGIC = "78667579-7b48-43db-b8c5-7928a6b0a335"
WEVIBE = "f000bb03-0451-4000-b000-000000000000"


def short(number: str) -> str:
    """Return a UUID of the Bluetooth SIG in its long form."""
    return f"0000{number}-0000-1000-8000-00805f9b34fb"


@dataclass(frozen=True, slots=True)
class Advert:
    """One advertisement: the model that it is, its name, services and manufacturer data."""

    model: str
    name: str
    services: tuple[str, ...]
    maker: dict[int, bytes] = field(default_factory=dict[int, bytes])


ADVERTS = (
    Advert("reference-cape", "DH-CAPE", ("7d3c0001-52a4-4c0e-9f6b-2b1e8a6cd101",)),
    Advert("bhaptics-x40", "TactSuitX40", (UART,)),
    Advert("lovense-domi", "LVS-Domi37", ("57300001-0023-4bd4-bbd5-a6920e4c5653",)),
    Advert("wevibe-wand", "Wand", (WEVIBE,)),
    Advert("wevibe-wand-2", "Wand 2", (WEVIBE,)),
    Advert("kiiroo-prowand", "ProWand", (short("1400"),)),
    Advert("kiiroo-prowand", "Luxus", (short("1400"), short("180f"))),
    Advert("magicmotion-wand", "Magic Wand", (MAGIC,)),
    Advert("magicmotion-zenith", "funwand", (MAGIC,)),
    Advert("svakom-emma-neo", "Emma NEO", (short("ffe0"),)),
    Advert("svakom-emma-neo-2", "Emma Neo 2", (short("ffe0"),)),
    Advert("svakom-mini-emma-neo", "Mini Emma Neo", (short("ffe0"),)),
    Advert("youou-vx001", "VX001_01", (short("fff0"),)),
    Advert("mymuse-link-plus", "MM Massager", (short("fff0"),)),
    Advert("foreo-luna", "LUNA 3", (short("fff0"),)),
    Advert("foreo-luna", "LUNA 4 FOR MEN", (short("fff0"),)),
    Advert("foreo-ufo", "UFO", (short("fff0"),)),
    Advert("foreo-ufo", "LUNA fofo", (short("fff0"),)),
    Advert("reverie-108", "Reverie 108", ("1b1d9641-b942-4da8-89cc-98e6a58fbd93",)),
    Advert("reverie-110", "Reverie 110", ("db801000-f324-29c3-38d1-85c0c2e86885",)),
    Advert(
        "leggett-gen2",
        "LP BED 2",
        ("45e25100-3171-4cfc-ae89-1d83cf8d8071",),
        {2349: bytes.fromhex("585005000000")},
    ),
    Advert("richmat-discrete", "QRRM1234", (short("fee9"),)),
    Advert("richmat-discrete", "Sleep Function 7", (short("fee9"),)),
)

# What is none of ours, though a name or a service is like one of them.
STRANGERS = (
    Advert("", "Wand", ()),
    Advert("", "Wand", (short("fff0"),)),
    Advert("", "Wand 3", (WEVIBE,)),
    Advert("", "Magic Wand", (short("ffe0"),)),
    Advert("", "Magic Cell", (MAGIC,)),
    Advert("", "TactSuitX40", ()),
    Advert("", "TactGlove", (UART,)),
    Advert("", "SerialPort", (UART,)),
    Advert("", "SP110E", (short("ffe0"),)),
    Advert("", "emma neo", (short("ffe0"),)),
    Advert("", "UFO 9", (short("fff0"),)),
    Advert("", "LUNA PLAY SMART 2", (short("fff0"),)),
    Advert("", "BEAR", (short("fff0"),)),
    Advert("", "BEAR2body", (short("fff0"),)),
    Advert("", "Massager191", (short("fff0"),)),
    Advert("", "LP BED 2", ("45e25100-3171-4cfc-ae89-1d83cf8d8071",), {2349: b"ZZ"}),
    Advert("", "LP BED 2", (), {2349: b"XP"}),
    Advert("", "Reverie 9T", (short("fee9"),)),
    Advert("", "LVS-Z001", ("5a300001-0023-4bd4-bbd5-a6920e4c5653",)),
)
