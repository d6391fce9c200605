"""What makes each simulated massager move and stop, as bytes of its public protocol."""

from dataclasses import dataclass

TACT = "6e40000a-b5a3-f393-e0a9-e50e24dcca9e"
SATISFYER = "51361502-c5e7-47c7-8a6e-47ebc99d80e8"
START = ("51361501-c5e7-47c7-8a6e-47ebc99d80e8", "01", True)

Write = tuple[str, str, bool]
"""Characteristic, bytes in hexadecimal, whether an answer is wanted."""


@dataclass(frozen=True, slots=True)
class Words:
    """What to write; a second apart from each other.

    Attributes:
        strongest: Drives every motor at its strongest, from standstill.
        stop: Stops every motor.
        opening: What has to be written first on a link.
    """

    strongest: tuple[Write, ...]
    stop: tuple[Write, ...]
    opening: tuple[Write, ...] = ()

    @property
    def all(self) -> tuple[Write, ...]:
        """Everything."""
        return (*self.opening, *self.strongest, *self.stop)


def command(uuid: str, *frames: str) -> tuple[Write, ...]:
    return tuple((uuid, frame, False) for frame in frames)


def request(uuid: str, *frames: str) -> tuple[Write, ...]:
    return tuple((uuid, frame, True) for frame in frames)


def spoken(uuid: str, *texts: str) -> tuple[Write, ...]:
    return command(uuid, *(text.encode().hex() for text in texts))


def lovense(code: str, strongest: tuple[str, ...], stop: tuple[str, ...]) -> Words:
    tx = f"{code}0002-0023-4bd4-bbd5-a6920e4c5653"
    return Words(spoken(tx, *strongest), spoken(tx, *stop), spoken(tx, "DeviceType;"))


def satisfyer(motors: int) -> Words:
    full, zero = "64" * 4 * motors, "00" * 4 * motors
    return Words(
        command(SATISFYER, full), command(SATISFYER, zero), (START, (SATISFYER, zero, False))
    )


CAPE = "7d3c0002-52a4-4c0e-9f6b-2b1e8a6cd101"
WEVIBE = "f000c000-0451-4000-b000-000000000000"
WEVIBE_WAND = Words(request(WEVIBE, "0f03001919030000"), request(WEVIBE, "0f00000000000000"))
MAGIC = "78667579-a914-49a4-8333-aa3c0cd8fedc"
NUS = "6e400002-b5a3-f393-e0a9-e50e24dcca9e"
REVERIE_108 = "6af87926-dc79-412e-a3e0-5f85c2d55de2"
REVERIE_110 = "db8010{}-f324-29c3-38d1-85c0c2e86885"
LEGGETT = "45e25101-3171-4cfc-ae89-1d83cf8d8071"
RICHMAT = "d44bc439-abfd-45a2-b575-925416129600"
SOLACE = "ffe1"
SERTA = "ffe9"
CHAIR = "8b00ace7-eb0b-49b0-bbe9-9aee0a26e1a3"
DOTS = "ffc0" * 4
KEPT = "68680101000000ffff{}" + DOTS + "16"
"""A track of 65.535 s on all forty dots."""

WORDS = {
    "reference-cape": Words(request(CAPE, "0101" + "64" * 12 + "00"), request(CAPE, "00")),
    "bhaptics-x40": Words(request(TACT, "ff" * 20), request(TACT, "00" * 20)),
    "bhaptics-x16": Words(request(TACT, "ff" * 20), request(TACT, "00" * 20)),
    "bhaptics-arm": Words(request(TACT, "64" * 6), request(TACT, "00" * 6)),
    "bhaptics-hand": Words(request(TACT, "64" * 3), request(TACT, "00" * 3)),
    "bhaptics-foot": Words(request(TACT, "64" * 3), request(TACT, "00" * 3)),
    "lovense-domi": lovense("5730", ("Vibrate:20;",), ("Vibrate:0;",)),
    "lovense-dual": lovense(
        "5030", ("Vibrate1:20;", "Vibrate2:20;"), ("Vibrate1:0;", "Vibrate2:0;")
    ),
    "lovense-triple": lovense("5530", ("Mply:20:20:20;",), ("Mply:0:0:0;",)),
    "wevibe-wand": WEVIBE_WAND,
    "wevibe-wand-2": WEVIBE_WAND,
    "satisfyer-double-wand": satisfyer(1),
    "satisfyer-wand-plus": satisfyer(1),
    "satisfyer-mini-wand": satisfyer(2),
    "satisfyer-triple": satisfyer(3),
    "kiiroo-prowand": Words(command("1401", "000064ffffff"), command("1401", "000064000000")),
    "magicmotion-wand": Words(
        command(MAGIC, "0bff040a3232000408646400"), command(MAGIC, "0bff040a3232000408006400")
    ),
    "magicmotion-zenith": Words(
        command(MAGIC, "10ff040a320a0004086464000408006401"),
        command(MAGIC, "10ff040a320a0004080064000408006401"),
    ),
    "svakom-emma-neo": Words(command("ffe1", "550403000113"), command("ffe1", "550403000000")),
    "svakom-emma-neo-2": Words(request("ffe1", "55030300010a"), request("ffe1", "550303000000")),
    "svakom-mini-emma-neo": Words(command("ffe1", "55030100010a"), command("ffe1", "550301000000")),
    "youou-vx001": Words(
        command("fff6", "aa5500020301f70109ff00000000000000"),
        command("fff6", "aa55010203010000feff00000000000000"),
    ),
    "mymuse-link-plus": Words(
        command("fff1", "aa550601010103ff"), command("fff1", "aa5506aa00000000")
    ),
    "foreo-luna": Words(request("fff1", "01000a"), request("fff1", "010000")),
    "foreo-ufo": Words(request("fff1", "01010a"), request("fff1", "010100")),
    "truegear-me02": Words(command(NUS, KEPT.format("6464")), command(NUS, KEPT.format("0000"))),
    "reverie-108": Words(
        request(REVERIE_108, "55530a0c", "55540a0b"), request(REVERIE_108, "553560")
    ),
    "reverie-110": Words(
        (*request(REVERIE_110.format("61"), "28"), *request(REVERIE_110.format("60"), "28")),
        (*request(REVERIE_110.format("61"), "00"), *request(REVERIE_110.format("60"), "00")),
    ),
    "jensen-jmc": Words(
        request("1111", "120a0a00003c"),
        request("1111", "120000000000"),
        request("1111", "1e0300060000", "10ff00000000", "0a0000000000"),
    ),
    "leggett-gen2": Words(spoken(LEGGETT, "MVI 0:3", "MVI 1:3"), spoken(LEGGETT, "MVI 01:0")),
    "richmat-discrete": Words(
        command(RICHMAT, "6e01009b0a", "6e01009f0e"), command(RICHMAT, "6e01009807", "6e01009c0b")
    ),
    "solace": Words(
        command(SOLACE, *["ffffffff0500000010d6cc"] * 3, *["ffffffff0500000012570d"] * 3),
        command(SOLACE, "ffffffff050000001cd6c9"),
    ),
    "serta-motion": Words(
        command(SERTA, *["e5fe1600080000fe"] * 3, *["e5fe160004000002"] * 3),
        command(SERTA, *["e5fe160000800086"] * 3, *["e5fe160000000105"] * 3),
    ),
    "rongtai-rt8600s": Words(
        command(CHAIR, "f084205bf1", "f0843348f1"),
        command(CHAIR, "f084017af1"),
        command(CHAIR, "f084017af1", "f0843744f1"),
    ),
}
"""By model; the tests see to it that none is missing."""
