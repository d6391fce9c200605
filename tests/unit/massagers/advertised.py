"""What each massager advertises, written from public descriptions and not from our files."""

from dataclasses import dataclass, field

UART = "6e400001-b5a3-f393-e0a9-e50e24dcca9e"
MAGIC = "78667579-7b48-43db-b8c5-7928a6b0a335"
WEVIBE = "f000bb03-0451-4000-b000-000000000000"


SF = "51361500-c5e7-47c7-8a6e-47ebc99d80e8"


def numbered(model: int) -> bytes:
    """Return the manufacturer data of one who says its number: 32 bits, the high byte first."""
    return model.to_bytes(4, "big")


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
    Advert("bhaptics-x16", "TactSuitX16", (UART,)),
    Advert("bhaptics-arm", "Tactosy2_L", (UART,)),
    Advert("bhaptics-arm", "Tactosy2_R", (UART,)),
    Advert("bhaptics-hand", "TactosyH_L", (UART,)),
    Advert("bhaptics-foot", "TactosyF_R", (UART,)),
    Advert("lovense-domi", "LVS-Domi37", ("57300001-0023-4bd4-bbd5-a6920e4c5653",)),
    Advert("lovense-domi", "LOVE-W", ("57300001-0024-4bd4-bbd5-a6920e4c5653",)),
    Advert("lovense-dual", "LVS-P36", ("50300001-0023-4bd4-bbd5-a6920e4c5653",)),
    Advert("lovense-dual", "LVS-P36", ("50300001-0024-4bd4-bbd5-a6920e4c5653",)),
    Advert("lovense-dual", "LVS-N01", ("4e300001-0023-4bd4-bbd5-a6920e4c5653",)),
    Advert("lovense-dual", "LVS-J01", ("4a300001-0023-4bd4-bbd5-a6920e4c5653",)),
    Advert("lovense-dual", "LVS-OC01", ("4f430001-0023-4bd4-bbd5-a6920e4c5653",)),
    Advert("lovense-dual", "LVS-EB01", ("45420001-0023-4bd4-bbd5-a6920e4c5653",)),
    Advert("lovense-triple", "LVS-U11", ("55300001-0023-4bd4-bbd5-a6920e4c5653",)),
    Advert("satisfyer-double-wand", "SF Double Wand-er", (SF,), {93: numbered(10032)}),
    Advert("satisfyer-wand-plus", "SF Wand+", (SF,), {93: numbered(10168)}),
    Advert("satisfyer-mini-wand", "SF Mini Wand-er", (SF,), {93: numbered(10197)}),
    Advert("satisfyer-mini-wand", "SF Mini Wand-er", (), {93: numbered(10198)}),
    *(Advert("satisfyer-triple", "SF 1", (SF,), {93: numbered(n)}) for n in range(10065, 10069)),
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
    Advert("leggett-gen2", "x", ("45e25100-3171-4cfc-ae89-1d83cf8d8071",), {2349: b"CP1"}),
    Advert("jensen-jmc", "jmc400", (short("1234"),)),
    Advert("solace", "S4-Y-192-461000", (short("ffe0"),)),
    Advert("solace", "QMS-IQ", (short("ffe0"),)),
    Advert("serta-motion", "Serta MP 12", (short("ffe5"),)),
    Advert("serta-motion", "Motion Perfect III", (short("ffe5"),)),
    Advert("rongtai-rt8600s", "RT8600S", (short("fff0"), short("1802"))),
    Advert("truegear-me02", "Truegear_C01", (UART,)),
    Advert("truegear-me02", "My Truegear_C2", (UART,)),
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
    Advert("", "SF Double Wand-er", (SF,), {93: numbered(10033)}),
    Advert("", "SF Double Wand-er", (SF,), {94: numbered(10032)}),
    Advert("", "SF Double Wand-er", (SF,)),
    Advert("", "Truegear_A", (UART,)),
    Advert("", "S7-Y", (short("ffe0"),)),
    Advert("", "Serta MP", (short("ffe0"),)),
    Advert("", "RT8600S", (short("ffe0"),)),
    Advert("", "Tactosy2_X", (UART,)),
    Advert("", "Tactal_", (UART,)),
    Advert("", "jmc400", (short("fff0"),)),
    Advert("", "LVS-P36", ("57300001-0025-4bd4-bbd5-a6920e4c5654",)),
    Advert("", "LVS-Z001", ("5a300001-0023-4bd4-bbd5-a6920e4c5653",)),
)
