"""Every row of published massage tables of beds: fed to its bed, or named as no bed of ours."""

import json
from collections.abc import Callable, Mapping
from functools import reduce
from pathlib import Path
from typing import Any

import pytest

from firmware_sim.firmware import REGISTRY
from firmware_sim.gatt import AskedFor
from tests.every import every_row
from tests.unit.firmware_sim.junk import Follower
from tests.unit.firmware_sim.words import LEGGETT, REVERIE_108, RICHMAT, SERTA, SOLACE

VECTORS = Path(__file__).parents[2] / "vectors"
ROWS: dict[str, dict[str, Any]] = {
    f"{row['bed']}:{row['line']}": row
    for row in json.loads((VECTORS / "beds_massage.json").read_text(encoding="utf-8"))["rows"]
}
NOT_SIMULATED = json.loads((VECTORS / "beds_not_simulated.json").read_text(encoding="utf-8"))

Effect = tuple[int, int] | str
"""What the head and the foot are driven at, from 1 each; or what is taped as asked for."""

AS_IT_WAS = (1, 1)


def framed(row: dict[str, Any]) -> bytes:
    """Return a row that is a whole frame."""
    return bytes.fromhex(row["hex"])


def reverie(payload: str) -> bytes:
    body = bytes([0x55]) + bytes.fromhex(payload)
    return body + bytes([reduce(lambda a, b: a ^ b, body)])


def richmat(row: dict[str, Any]) -> bytes:
    body = b"\x6e\x01\x00" + bytes([int(row["byte"], 16)])
    return body + bytes([sum(body) % 256])


def keeson(row: dict[str, Any]) -> bytes:
    body = b"\xe5\xfe\x16" + int(row["value32"], 16).to_bytes(4, "little")
    return body + bytes([255 - sum(body) % 256])


WHOLE: dict[str, dict[str, Effect]] = {
    "jensen-jmc": {
        "jensen:143": (0, 0),
        "jensen:144": (5, 0),
        "jensen:145": (0, 5),
        "jensen:146": (5, 5),
    },
    "richmat-discrete": {
        "richmat:189": (0, 0),
        "richmat:190": (2, 1),
        "richmat:191": (1, 2),
        "richmat:192": "massage program",
        **{f"richmat:{200 + level}": (level, 1) for level in range(4)},
        **{f"richmat:{204 + level}": (1, level) for level in range(4)},
        "richmat:208": AS_IT_WAS,  # the third motor, which this bed has not
    },
    "serta-motion": {
        "serta:60": (2, 1),
        "serta:61": (0, 1),
        "serta:62": (1, 2),
        "serta:63": (1, 0),
        "serta:64": AS_IT_WAS,  # switches both on, and both are on
        "serta:65": AS_IT_WAS,  # the timer
        "keeson:230": AS_IT_WAS,
        "keeson:231": AS_IT_WAS,
        "keeson:232": (1, 2),
        "keeson:233": (2, 1),
        "keeson:240": (0, 1),
        "keeson:241": (1, 0),
        "keeson:243": "massage program",
    },
    "solace": {
        "solace:104": (2, 1),
        "solace:105": (0, 1),
        "solace:106": (1, 2),
        "solace:107": (1, 0),
        **{f"solace:{line}": AS_IT_WAS for line in range(108, 113)},  # frequency, timers
        "solace:113": (0, 0),
        **{f"solace:{line}": "massage program" for line in range(119, 123)},
    },
}
MADE: dict[str, Callable[[dict[str, Any]], bytes]] = {"richmat": richmat, "keeson": keeson}

REVERIE: dict[str, tuple[str, Mapping[str, Effect]]] = {
    "reverie:74": ("0x53 {level}", {f"53{level:02x}": (level, 1) for level in range(11)}),
    "reverie:75": ("0x54 {level}", {f"54{level:02x}": (1, level) for level in range(11)}),
    "reverie:76": (
        "0x40 + level",
        {"40": AS_IT_WAS} | {f"4{level}": "massage program" for level in range(1, 10)},
    ),
    "reverie:77": ("0x35", {"35": (0, 0)}),
}
"""What a row says, and what payloads come of it."""

GEN2: dict[str, tuple[str, Mapping[str, Effect]]] = {
    "leggett-platt:199": ("VII :{channel}", {"VII :0": (2, 1), "VII :1": (1, 2)}),
    "leggett-platt:200": ("VII {channel}::", {"VII 0::": (0, 1), "VII 1::": (1, 0)}),
    "leggett-platt:201": (
        "MVI {channel}:{level}",
        {f"MVI 0:{level}": (level, 1) for level in range(4)}
        | {f"MVI 1:{level}": (1, level) for level in range(4)},
    ),
    "leggett-platt:202": (
        "MMODE 0:{mode}",
        {"MMODE 0:0": "massage program", "MMODE 0:1": "massage program", "MMODE 0:2": AS_IT_WAS},
    ),
    "leggett-platt:203": ("WVE TOGGLE", {"WVE TOGGLE": "massage program"}),
}

TX = {
    "jensen-jmc": ("1111", ("1e0300060000", "120101000000")),
    "richmat-discrete": (RICHMAT, ("6e01009908", "6e01009d0c")),
    "serta-motion": (SERTA, ("e5fe160001000005",)),
    "solace": (SOLACE, ("ffffffff0500000010d6cc", "ffffffff0500000012570d")),
    "reverie-108": (REVERIE_108, (reverie("5301").hex(), reverie("5401").hex())),
    "leggett-gen2": (LEGGETT, (b"MVI 01:1".hex(),)),
}
"""Where each bed takes its commands, and what brings head and foot to 1."""


def effect(model: str, frame: bytes) -> Effect:
    """Feed a frame to a bed that runs at 1 and 1."""
    bed = REGISTRY[model]()
    follower = Follower(bed)
    uuid, begin = TX[model]
    response = "write" in bed.services[0].characteristics[0].properties
    bed.connected(0.0)
    for data in begin:
        follower.follow(bed.write(uuid, bytes.fromhex(data), 1.0, response=response))
    assert tuple(follower.levels) == AS_IT_WAS
    effects = bed.write(uuid, frame, 2.0, response=response)
    follower.follow(effects)
    asked = [e.what for e in effects if isinstance(e, AskedFor)]
    return asked[0] if asked else (follower.levels[0], follower.levels[1])


def whole_rows() -> list[tuple[str, str, Effect]]:
    return [(model, key, what) for model, rows in WHOLE.items() for key, what in rows.items()]


@every_row(whole_rows())
def test_a_row_that_is_a_frame_or_its_command_does_what_it_says(
    model: str, key: str, expected: Effect
) -> None:
    row = ROWS[key]
    assert effect(model, MADE.get(row["bed"], framed)(row)) == expected


@pytest.mark.parametrize("key", REVERIE)
def test_a_row_that_is_a_payload_does_what_it_says_at_every_level(key: str) -> None:
    said, fed = REVERIE[key]
    assert ROWS[key]["raw"] == [said]
    assert {load: effect("reverie-108", reverie(load)) for load in fed} == fed


@pytest.mark.parametrize("key", GEN2)
def test_a_row_that_is_text_does_what_it_says_for_every_channel(key: str) -> None:
    said, fed = GEN2[key]
    assert ROWS[key]["raw"] == [said]
    assert {text: effect("leggett-gen2", text.encode()) for text in fed} == fed


def test_every_other_row_is_named_with_the_reason_why_no_simulated_bed_takes_it() -> None:
    fed = {*REVERIE, *GEN2} | {key for _, key, _ in whole_rows()}
    named = {
        f"{bed}:{line}": name
        for bed, entry in NOT_SIMULATED.items()
        for line, name in entry["rows"].items()
    }
    assert named == {key: row["name"] for key, row in ROWS.items() if key not in fed}
    assert len(fed) + len(named) == len(ROWS) == 168
    assert all(len(entry["why"]) > 20 for entry in NOT_SIMULATED.values())
