"""Every mistake in a file has a line that names file, key, value and what would be right."""

import pytest

from devicehub.errors import MassagerError
from devicehub.massagers.library import load_text
from tests.every import every_row
from tests.unit.massagers.material import SMALL

PLACED = SMALL.replace(
    "held = true",
    'places = [{ x_cm = 3, y_cm = 21, footprint_cm = 1, zones = ["paraspinal_lumbar"] }]',
)
CONNECT = """
[[connect]]
write = "01"
expect = { char = "tx", begins = "01", timeout_s = 1 }
[[model]]"""


def lines(text: str) -> list[str]:
    with pytest.raises(MassagerError) as refusal:
        load_text(text, "small.toml")
    return str(refusal.value).splitlines()


@every_row(
    [
        ('family = "small"', "family = ", "is no TOML: "),
        ('family = "small"', "family = " + "[" * 9000, "is nested too deep"),
        ('family = "small"', "", "family: is missing (small letters"),
        (
            'family = "small"',
            'family = "Small!"',
            'family = "Small!": must be small letters, digits',
        ),
        ('"handheld_vibration"', '"electric"', "class = \"electric\": must be 'surface_vibration'"),
        ('= "no"', "= false", "stops_on_disconnect = False: must be 'yes', 'no' or 'unknown'"),
        (
            "evidence = [",
            "evidense = [",
            "evidense: is no key that is known here; did you mean evi",
        ),
        (
            "evidence = [",
            "proof = 1\nevidence = [",
            "proof: is no key that is known here; known are",
        ),
        ('["made up for a test"]', "[]", "evidence: must have at least 1 item"),
        ("[identify]", "lease_s = nan\n[identify]", "lease_s = nan: must be a finite number"),
        ("[identify]", "lease_s = 0\n[identify]", "lease_s = 0: must be greater than 0"),
        ("[identify]", "lease_s = 1.5\n[identify]", "refresh_s must be at most half of lease_s"),
        ('[identify]\nnames = ["Small*"]\nservice = "fff0"', "", "model[0].identify: is missing"),
        ('["Small*"]', "[]", "identify.names: must have at least 1 item"),
        ('names = ["Small*"]', 'names = ["S"]\nsize = 1', "identify.size: is no key"),
        ('uuid = "fff1"', 'uuid = "fff"', 'chars.tx.uuid = "fff": must be a UUID such as 2a19'),
        ('uuid = "fff1"', "uuid = 1", "chars.tx.uuid = 1: must be a UUID"),
        ('uuid = "fff1"', 'uuid = "fff?"', "must be a UUID such as 2a19"),
        ('service = "fff0"', "", "identify: must have service or manufacturer beside the names"),
        (
            'service = "fff0"',
            "service = []",
            "identify.service: must be a UUID, or a list",
        ),
        ('["Small*"]', '["S", "*"]', "must have both service and manufacturer where any name"),
        ('uuid = "fff1"', 'uuid = "fe59"', "must not be one for firmware updates"),
        (
            "response = true",
            "respond = true",
            "chars.tx.respond: is no key that is known here; did",
        ),
        ("response = true", "notify = true", 'model[0].set = "A0 {0}": must begin with where it'),
        ("steps = 10 }", "steps = 0 }", "model[0].actuators[0].steps = 0: must be greater than or"),
        (
            "steps = 10 }",
            "steps = true }",
            "model[0].actuators[0].steps = True: must be a valid in",
        ),
        ("steps = 10 }", 'steps = 10, wire = "3" }', 'actuators[0].wire = "3": must be "+k"'),
        ("steps = 10 }", "steps = 300 }", "a level must fit into one byte"),
        (
            "steps = 10 }",
            "steps = 10, count = 2 }",
            "model[0].set: must carry every level; missing:",
        ),
        ("held = true", "", "model[0]: must have either places or held = true"),
        ('set = "A0 {0}"', "", "model[0]: must have one of set, set_each, up with"),
        ('set = "A0 {0}"', "set = []", "model[0].set: must be a frame, or a list of frames"),
        ('set = "A0 {0}"', "set = 7", "model[0].set = 7: must be a frame, or a list of frames"),
        ('"A0 {0}"', '["A0 {0}", "A1"]', "must carry every level once, and no frame without one"),
        ('"A0 {0}"', '["A0 {0}", "A1 {9}"]', 'model[0].set[1] = "A1 {9}": {9}: no such actuator'),
        ('"A0 {0}"', '"A0 {speed}"', 'set = "A0 {speed}": {speed} is no word of the language'),
        ('"A0 00"', '"A0 {0}"', 'model[0].stop = "A0 {0}": {0}: this frame may not carry levels'),
        ('"A0 00"', '"A0 05"', "model[0].stop: must not be a frame that moves something"),
        ("[[vectors]]", "[[vector]]", "vectors: is missing (at least one"),
        (
            "levels = [3]",
            'levels = [3]\nmodel = "big"',
            'vectors[0].model = "big": must be a model',
        ),
        ('["a003"]', '["a00"]', 'vectors[0].writes[0] = "a00": must be bytes in hex'),
        ('["a003"]', "[3]", "vectors[0].writes[0] = 3: must be bytes in hex"),
        ("[[model]]", '[battery]\nread = "bat"\n[[model]]', 'battery.read = "bat": must be a name'),
        ("[[model]]", "[battery]\n[[model]]", "battery: must have one of read and ask"),
        ("[[model]]", '[battery]\nask = "{0}"\n[[model]]', 'battery.ask = "{0}": {0}: this frame'),
        (
            "[[model]]",
            '[battery]\nask = "{counter}"\n[[model]]',
            'battery.ask = "{counter}": may not',
        ),
        ("[[model]]", '[[report]]\nchar = "rx"\nframe = "00"\n[[model]]', 'report[0].char = "rx"'),
        ("[[model]]", CONNECT, 'connect[0].expect.char = "tx": must have notify = true'),
        ("[[model]]", CONNECT.replace('"tx"', '"rx"'), 'connect[0].expect.char = "rx": must be a'),
        (
            "[[model]]",
            CONNECT.replace('begins = "01"', 'begins = "1"'),
            "connect[0].expect.begins =",
        ),
        ("[[model]]", CONNECT.replace('write = "01"', 'write = "1"'), 'connect[0].write = "1": '),
        (
            "[[model]]",
            '[battery]\nask = "A0 01"\n[[model]]',
            "battery.ask: must not be a frame that",
        ),
        ("[[model]]", "[keepalive]\n[[model]]", "keepalive.wake: is missing (words without levels"),
        ("[[model]]", '[keepalive]\nwake = "A0 01"\n[[model]]', "keepalive.wake: must not be a fr"),
        ("[[model]]", "[pairing]\n[[model]]", "pairing.hint: is missing (what to do when it"),
        ("[[model]]", '[battery]\nask = "1E {pin}"\n[[model]]', "{pin} needs its digits in the"),
        ("[identify]", 'pin = "306"\n[identify]', 'pin = "306": must be four to eight digits'),
        ("[identify]", 'status = "sold"\n[identify]', "status = \"sold\": must be 'simulated' or"),
        (
            'uuid = "fff1"',
            'uuid = "8ec9000?-f315-4f60-9fb8-838830daea5?"',
            "must not be one for firmware updates",
        ),
        (
            'uuid = "fff1"',
            'uuid = "????????-????-4bd4-bbd5-a6920e4c5653"',
            "with ? for up to eight digits of a long one",
        ),
        ("[[model]]", "[[connect]]\n[[model]]", "connect[0]: must have one of write and read"),
        (
            "[[model]]",
            '[[connect]]\nread = "tx"\nbegins = "1"\n[[model]]',
            'connect[0].begins = "1": ',
        ),
        ("[[model]]", '[[connect]]\nread = "rx"\n[[model]]', 'connect[0].read = "rx": must be a n'),
        (
            "[[model]]",
            '[[connect]]\nwrite = "01"\nbegins = "01"\n[[model]]',
            "connect[0]: begins must go with read",
        ),
    ]
)
def test_a_mistake_has_its_line(wrong: str, instead: str, line: str) -> None:
    assert wrong in SMALL
    said = lines(SMALL.replace(wrong, instead, 1))
    assert any(line in one for one in said), said
    assert all(one.startswith("small.toml: ") for one in said)


@pytest.mark.parametrize(
    ("wrong", "instead", "line"),
    [
        ("x_cm = 3, ", "", "model[0].places[0]: must have x_cm, y_cm and footprint_cm together"),
        ("x_cm = 3, ", "x_cm = inf, ", "model[0].places[0].x_cm = inf: must be a finite number"),
        ("x_cm = 3, ", "x_cm = 0.5, ", "must list what the patch touches; add spine_lumbar"),
        ('["paraspinal_lumbar"]', "[]", "model[0].places[0].zones: must have at least 1 item"),
        ('["paraspinal_lumbar"]', '["lumbar"]', 'zones = "lumbar": is no zone of the body map; '),
        (
            "steps = 10 }",
            "steps = 10, count = 2 }",
            "places: must be one for each of the 2 actuators",
        ),
    ],
)
def test_a_mistake_of_placing_has_its_line(wrong: str, instead: str, line: str) -> None:
    assert wrong in PLACED
    assert any(line in one for one in lines(PLACED.replace(wrong, instead, 1)))


def test_a_wide_motor_may_list_more_than_it_touches() -> None:
    text = PLACED.replace('["paraspinal_lumbar"]', '["paraspinal_lumbar", "latissimus"]')
    (subject,) = load_text(text, "small.toml").massagers.values()
    assert subject.layout.places[0].zones == ("paraspinal_lumbar", "latissimus")


def test_two_models_of_one_name_are_refused() -> None:
    head, model = SMALL.split("[[model]]")
    model, vectors = model.split("[[vectors]]")
    twice = f"{head}[[model]]{model}[[model]]{model}[[vectors]]{vectors}"
    assert lines(twice) == [
        'small.toml: model[1].name = "small": must differ from the models before it'
    ]


def test_a_mistake_that_concerns_every_model_is_said_once() -> None:
    head, model = SMALL.split("[[model]]")
    model, vectors = model.split("[[vectors]]")
    own = 'held = true\nidentify = { names = ["Other"], service = "fff0" }'
    other = model.replace('"small"', '"other"').replace("held = true", own)
    text = f"{head}[battery]\nread = 'b'\n[[model]]{model}[[model]]{other}[[vectors]]{vectors}"
    assert len(lines(text)) == 1


def test_all_mistakes_are_said_at_once_in_one_line_each() -> None:
    text = (
        SMALL.replace("steps = 10 }", "steps = 0 }")
        .replace('"no"', '"maybe"')
        .replace('uuid = "fff1"', 'uuid = "fff"')
    )
    assert len(lines(text)) == 3


def test_all_mistakes_of_meaning_are_said_at_once() -> None:
    text = PLACED.replace('"A0 {0}"', '"A0 {7}"').replace("x_cm = 3,", "x_cm = 0,")
    assert len(lines(text)) == 2


def test_a_long_value_is_cut() -> None:
    (line,) = lines(SMALL.replace('"A0 00"', f'"{"00 " * 100}x"'))
    assert len(line) < 200
    assert "..." in line
