"""The massage rows of a table of beds that is not ours: driven to the byte, or it says why not."""

from typing import Any

import pytest

from devicehub.massagers.encode import raw
from devicehub.massagers.library import load_library
from devicehub.massagers.parse import levels_of
from devicehub.massagers.wire import Encoded, Write
from tests.unit.massagers.material import vectors

ROWS = {(row["bed"], row["line"]): row for row in vectors("beds_massage.json")["rows"]}

# Row, model, levels, and the row written out: by itself where it is a packet, else by hand from the
# frame of its bed. 55 ^ 53 ^ 05 = 03, 55 ^ 54 ^ 0A = 0B, 55 ^ 35 = 60; the sums are key + 6F.
DRIVEN = [
    ("reverie", 74, "reverie-108", (5, 0), "55530503"),
    ("reverie", 75, "reverie-108", (0, 10), "55540a0b"),
    ("reverie", 77, "reverie-108", (0, 0), "553560"),
    ("richmat", 200, "richmat-discrete", (0, 1), "6e01009807"),
    ("richmat", 201, "richmat-discrete", (1, 0), "6e01009908"),
    ("richmat", 202, "richmat-discrete", (2, 0), "6e01009a09"),
    ("richmat", 203, "richmat-discrete", (3, 0), "6e01009b0a"),
    ("richmat", 204, "richmat-discrete", (1, 0), "6e01009c0b"),
    ("richmat", 205, "richmat-discrete", (0, 1), "6e01009d0c"),
    ("richmat", 206, "richmat-discrete", (0, 2), "6e01009e0d"),
    ("richmat", 207, "richmat-discrete", (0, 3), "6e01009f0e"),
    ("leggett-platt", 201, "leggett-gen2", (2, 1), "MVI 0:2"),
    ("jensen", 143, "jensen-jmc", (0, 0), "120000000000"),
    ("solace", 113, "solace", (0, 0), "ffffffff050000001cd6c9"),
]
# Keys: the row, the model, its actuator, and whether it is the key for more.
KEYS = [
    ("solace", 104, "solace", 0, True),
    ("solace", 105, "solace", 0, False),
    ("solace", 106, "solace", 1, True),
    ("solace", 107, "solace", 1, False),
    ("serta", 60, "serta-motion", 0, True),
    ("serta", 61, "serta-motion", 0, False),
    ("serta", 62, "serta-motion", 1, True),
    ("serta", 63, "serta-motion", 1, False),
]
# Rows that we write with a timer of a minute in their last byte, where the table has none.
TIMED = [
    ("jensen", 144, "jensen-jmc", (5, 0)),
    ("jensen", 145, "jensen-jmc", (0, 5)),
    ("jensen", 146, "jensen-jmc", (5, 5)),
]
# Words that are said after connecting and carry no level.
SAID = {("leggett-platt", 202): ("leggett-gen2", "MMODE 0:2")}

WAVE = "a program with a rhythm of its own, which nothing here may start"
STEPS = "steps or toggles: nobody would know which level the bed is at"
TIMER = "a timer that is too long to be a lease"
THIRD = "a third motor, of which no level is known"
OKIN = "another protocol under the same brand (Okin): relative keys, no known home"
MLRM = "another protocol under the same brand (MlRM): relative keys"
NOT_DRIVEN = {
    ("reverie", 76): WAVE,
    **{("richmat", line): STEPS for line in (189, 190, 191, 192)},
    ("richmat", 208): THIRD,
    **{("solace", line): "how fast it shakes, of which nothing is known" for line in (108, 109)},
    **{("solace", line): TIMER for line in (110, 111, 112)},
    **{("solace", line): WAVE for line in (119, 120, 121, 122)},
    ("serta", 64): STEPS,
    ("serta", 65): TIMER,
    **{("leggett-platt", line): "relative, where an absolute word exists" for line in (199, 200)},
    ("leggett-platt", 203): WAVE,
    **{("leggett-platt", line): OKIN for line in range(264, 270)},
    **{("leggett-platt", line): MLRM for line in range(318, 329)},
}
NO_FAMILY = {
    "bedtech": "relative keys and toggles, no known home",
    "dewertokin": "toggles without levels",
    "jiecang": "levels 0 to 10 in one source, on two services; no family of ours yet",
    "keeson": "values of several families; the packets of one are in the rows of serta",
    "leggett-okin": "relative keys and toggles, no known home",
    "limoss": "an encrypted link, without levels",
    "linak": "toggles and relative keys, no known home",
    "logicdata": "an encrypted link, relative keys",
    "malouf": "relative keys, no known number of levels",
    "mattressfirm": "one level for the whole bed, no places; no family of ours yet",
    "motosleep": "toggles, and a meaning that differs from model to model",
    "nectar": "on and off only, for the whole bed and with a rhythm of its own",
    "okin-64bit": "a toggle without levels",
    "okin-cst": "relative keys, no known number of levels",
    "okin-dot": "relative keys, no known number of levels",
    "rondure": "toggles without levels",
    "sleepys": "categories of keys without their frame",
    "suta": "levels with shares of time and timers of their own; no family of ours yet",
}


def written(row: dict[str, Any], stated: str) -> bytes:
    """Return a row as it goes over the air: its own packet, or what is stated beside it."""
    own = row.get("hex")
    assert own in (None, stated)
    return stated.encode() if stated.startswith("M") else bytes.fromhex(stated)


@pytest.mark.parametrize(("bed", "line", "model", "levels", "stated"), DRIVEN)
def test_a_row_is_what_our_codec_writes(
    bed: str, line: int, model: str, levels: tuple[int, ...], stated: str
) -> None:
    data = written(ROWS[bed, line], stated)
    massager = load_library()[model]
    write = next(write for write in raw(massager, levels) if write.data == data)
    read = levels_of(massager, Write(write.char, write.data, write.response))
    assert read is not None
    assert all(have in (None, want) for have, want in zip(read, levels, strict=True))


@pytest.mark.parametrize(("bed", "line", "model", "levels", "stated"), DRIVEN)
def test_a_row_of_one_byte_has_that_byte_in_its_frame(
    bed: str, line: int, model: str, levels: tuple[int, ...], stated: str
) -> None:
    byte = ROWS[bed, line].get("byte")
    if byte is not None:
        assert int(byte, 16) in bytes.fromhex(stated)


@pytest.mark.parametrize(("bed", "line", "model", "levels"), TIMED)
def test_a_row_with_a_timer_differs_from_ours_in_the_minutes_alone(
    bed: str, line: int, model: str, levels: tuple[int, ...]
) -> None:
    (write,) = raw(load_library()[model], levels)
    assert write.data == bytes.fromhex(ROWS[bed, line]["hex"])[:-1] + b"\x01"


@pytest.mark.parametrize(("bed", "line", "model", "motor", "more"), KEYS)
def test_a_row_is_a_key_of_ours(bed: str, line: int, model: str, motor: int, more: bool) -> None:
    keys = load_library()[model].codec.presses
    assert keys is not None
    press = (keys.up if more else keys.down)[motor]
    assert press.data.hex() == ROWS[bed, line]["hex"]


@pytest.mark.parametrize(("row", "said"), SAID.items())
def test_a_row_is_what_is_said_after_connecting(
    row: tuple[str, int], said: tuple[str, str]
) -> None:
    model, words = said
    assert row in ROWS
    said_first = [step.does for step in load_library()[model].connect]
    told = [w.data for does in said_first if isinstance(does, Encoded) for w in does.writes]
    assert words.encode() in told


def test_every_row_is_driven_or_says_why_not() -> None:
    driven = [(bed, line) for bed, line, *_ in (*DRIVEN, *TIMED, *KEYS)]
    told = [*driven, *SAID, *NOT_DRIVEN]
    assert len(told) == len(set(told))
    beds = {bed for bed, _ in ROWS} - NO_FAMILY.keys()
    assert set(told) == {row for row in ROWS if row[0] in beds}
    assert NO_FAMILY.keys() <= {bed for bed, _ in ROWS}
