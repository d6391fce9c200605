"""The small words of the language: patterns, wake, opening steps, a PIN, a refusal, a cable."""

import pytest

from devicehub.errors import MassagerError, SafetyRefusal
from devicehub.keeper.highest import highest_steps
from devicehub.massagers import stopbook
from devicehub.massagers.decode import decode
from devicehub.massagers.encode import encode, forget, initial, repeat
from devicehub.massagers.identify import identify
from devicehub.massagers.identity import Identity, Manufacturer, matches, uuid_matches, uuid_pattern
from devicehub.massagers.library import load_text
from devicehub.massagers.model import Expect, Glance
from devicehub.massagers.overlap import overlap, uuids_overlap
from devicehub.massagers.parse import admit, levels_of
from devicehub.massagers.wire import Encoded, Write
from devicehub.safety.limits import load
from tests.unit.massagers.material import SMALL, massager, steady

WILD = "????0002-002?-4bd4-bbd5-a6920e4c5653"
DOMI_TX = "57300002-0023-4bd4-bbd5-a6920e4c5653"
COMMAND = "0000fff2-0000-1000-8000-00805f9b34fb"
WAKING = SMALL.replace(
    "[[model]]",
    '[keepalive]\nwake = "@command 01"\n[[model]]',
).replace("[chars]", '[chars]\ncommand = { uuid = "fff2", response = true }')


def with_identity(first: str, second: str) -> str:
    """Return a file with two models, each of the identity given."""
    head, model = SMALL.split("[[model]]")
    model, vectors = model.split("[[vectors]]")
    other = model.replace('"small"', '"other"')
    return (
        f"{head}[[model]]{model}identify = {{ {first} }}\n"
        f"[[model]]{other}identify = {{ {second} }}\n[[vectors]]{vectors}"
    )


# ------------------------------------------------------------------------------- who it is


def test_a_question_mark_in_a_uuid_is_any_hex_digit() -> None:
    pattern = uuid_pattern(WILD.upper())
    assert uuid_matches(pattern, DOMI_TX.upper())
    assert not uuid_matches(pattern, DOMI_TX.replace("0002-", "0003-"))
    assert not uuid_matches(pattern, "x" + DOMI_TX[1:])


@pytest.mark.parametrize("wrong", ["fff?", "?" * 9 + WILD[9:], WILD.replace("-", "?")])
def test_a_pattern_keeps_most_of_its_digits(wrong: str) -> None:
    with pytest.raises(ValueError, match="is no UUID"):
        uuid_pattern(wrong)


def test_one_of_several_services_is_enough() -> None:
    identity = Identity(("A",), (uuid_pattern("fff0"), uuid_pattern("fff1")))
    assert matches(identity, "A", (uuid_pattern("fff1"),), {})
    assert not matches(identity, "A", (uuid_pattern("fff2"),), {})


def test_one_of_several_beginnings_of_a_makers_data_is_enough_and_the_rest_must_hold_too() -> None:
    identity = Identity(("*",), (uuid_pattern("fff0"),), Manufacturer(7, (b"XP", b"CP")))
    assert matches(identity, "anything", (uuid_pattern("fff0"),), {7: b"CP1"})
    assert not matches(identity, "anything", (uuid_pattern("fff0"),), {7: b"AP1"})
    assert not matches(identity, "anything", (uuid_pattern("fff0"),), {8: b"CP1"})
    assert not matches(identity, "anything", (), {7: b"CP1"})


def test_an_excluded_name_is_none_of_them() -> None:
    identity = Identity(("*",), (uuid_pattern("fff0"),), None, ("BEAR*",))
    assert matches(identity, "LUNA", (uuid_pattern("fff0"),), {})
    assert not matches(identity, "BEAR 2", (uuid_pattern("fff0"),), {})


@pytest.mark.parametrize(
    ("first", "second", "both"),
    [
        ('names = ["A*"], service = "fff0"', 'names = ["*Z"], service = "fff0"', True),
        ('names = ["A*"], service = "fff0"', 'names = ["B*"], service = "fff0"', False),
        ('names = ["A*"], service = "fff0"', 'names = ["A1"], service = "fff1"', False),
        ('names = ["Wand"], service = "fff0"', 'names = ["Wand 2"], service = "fff0"', False),
        (
            f'names = ["L*"], service = "{WILD}"',
            f'names = ["L1"], service = "{DOMI_TX}"',
            True,
        ),
        (
            'names = ["L*"], service = "fff0", exclude = ["L1*"]',
            'names = ["L1"], service = "fff0"',
            False,
        ),
        (
            'names = ["L*"], manufacturer = { company = 7, prefix = ["01", "02"] }',
            'names = ["L1"], manufacturer = { company = 7, prefix = "02 03" }',
            True,
        ),
        (
            'names = ["L*"], manufacturer = { company = 7, prefix = "01" }',
            'names = ["L1"], manufacturer = { company = 7, prefix = "02" }',
            False,
        ),
        (
            'names = ["L*"], manufacturer = { company = 7 }',
            'names = ["L1"], service = "fff0"',
            True,
        ),
    ],
)
def test_two_models_that_one_advertisement_could_be_are_refused(
    first: str, second: str, both: bool
) -> None:
    text = with_identity(first, second)
    if not both:
        assert len(load_text(text, "two.toml").massagers) == 2
        return
    with pytest.raises(MassagerError, match="must tell small from other: an advertisement fits"):
        load_text(text, "two.toml")


def test_patterns_of_uuids_meet_where_each_digit_does() -> None:
    assert uuids_overlap(WILD, DOMI_TX)
    assert not uuids_overlap(WILD, DOMI_TX.replace("0002-", "0003-"))


def test_a_massager_that_nobody_can_be_is_no_other() -> None:
    assert not overlap(Identity(()), Identity(("*",)))


# ------------------------------------------------------------------------ where bytes go


def test_the_whitelist_holds_the_pattern_and_reports_come_from_what_fits() -> None:
    subject = massager(
        SMALL.replace('"fff1"', f'"{WILD}"')
        .replace("[[model]]", '[[report]]\nchar = "rx"\nframe = "{battery}"\n[[model]]')
        .replace("[chars]", f'[chars]\nrx = {{ uuid = "{WILD}", notify = true }}')
    )
    assert levels_of(subject, Write(WILD, b"\xa0\x03", response=True)) == (3,)
    assert levels_of(subject, Write(DOMI_TX, b"\xa0\x03", response=True)) is None
    report = decode(subject, DOMI_TX.upper(), b"\x32")
    assert report is not None
    assert report.battery_percent == 50


# ------------------------------------------------------------------------------- wake


def test_the_words_that_wake_come_before_the_first_level_and_after_each_none() -> None:
    subject = massager(WAKING).held_at("gluteal")
    moving, still = steady(subject, (0.3,)), steady(subject, (0.0,), 0.1)
    level = moving.steps[0]
    first, state = encode(subject, moving, initial())
    assert [write.data for write in first.writes] == [b"\x01", bytes((0xA0, level))]
    again, state = encode(subject, moving, repeat(state))
    assert [write.data for write in again.writes] == [bytes((0xA0, level))]
    none, state = encode(subject, still, state)
    assert [write.data for write in none.writes] == [b"\xa0\x00"]
    woken, state = encode(subject, moving, state)
    assert len(woken.writes) == 2
    unknown, _ = encode(subject, moving, forget(state))
    assert len(unknown.writes) == 2


def test_the_gate_admits_the_words_that_wake_only_right_before_a_level() -> None:
    subject = massager(WAKING)
    wake = Write(COMMAND, b"\x01", response=True)
    tx = COMMAND.replace("fff2", "fff1")
    level, stop = Write(tx, b"\xa0\x03", response=True), Write(tx, b"\xa0\xff", response=True)
    passed = admit(subject, (wake, level), (0,), 1.0)
    assert passed is not None
    assert (passed.steps, passed.writes) == ((3,), (wake, level))
    for refused in ((wake,), (level, wake), (wake, wake, level), (wake, stop), (wake, wake)):
        assert admit(subject, refused, (0,), 1.0) is None


def test_no_wake_is_said_before_a_stop() -> None:
    subject = massager(WAKING.replace('set = "A0 {0}"', 'set = "A0 {0}"\nzero = "stop"'))
    assert all(len(stop.writes) == 1 for stop in subject.stops)


# ----------------------------------------------------------------------- opening steps


def test_the_digits_of_the_pin_are_bytes_in_bytes_and_text_in_text() -> None:
    text = SMALL.replace("[identify]", 'pin = "3060"\n[identify]').replace(
        "[[model]]",
        '[[connect]]\nwrite = "1E {pin} 00"\n[[connect]]\nwrite = "text {pin};"\n[[model]]',
    )
    said = [step.does for step in massager(text).connect]
    assert [one.writes[0].data for one in said if isinstance(one, Encoded)] == [
        bytes.fromhex("1e0300060000"),
        b"3060;",
    ]


def test_an_opening_step_may_read_and_pause() -> None:
    text = SMALL.replace(
        "[[model]]",
        '[[connect]]\nread = "tx"\nbegins = ["01", "text W:"]\nwait_s = 0.5\n[[model]]',
    )
    (step,) = massager(text).connect
    assert isinstance(step.does, Glance)
    assert (step.does.prefixes, step.wait_s) == ((b"\x01", b"W:"), 0.5)
    assert step.does.matches(b"W:1")
    assert not step.does.matches(b"X")
    assert Glance("c", ()).matches(b"X")


def test_one_of_several_answers_is_enough() -> None:
    expect = Expect("c", (b"P:", b"N:"), 1.0, 1, required=True)
    assert expect.matches(b"N:1")
    assert not expect.matches(b"W:1")


# -------------------------------------------------------------------- refused, on a cable


def test_a_massager_that_is_never_driven_says_why_at_the_gate() -> None:
    subject = massager(SMALL.replace("held = true", 'held = true\nrefused = "It shocks."'))
    with pytest.raises(SafetyRefusal, match="small: It shocks"):
        highest_steps(subject, "gluteal", load())


def test_a_massager_on_a_cable_is_no_advertisement() -> None:
    text = SMALL.replace('[identify]\nnames = ["Small*"]\nservice = "fff0"', "baud = 115200")
    subject = massager(text)
    assert subject.baud == 115200
    assert identify({"small": subject}, "Small 1", ("fff0",), {}) is None
    (entry,) = stopbook.entries_of(text)
    assert (entry.baud, entry.identify) == (115200, subject.identify)


def test_a_massager_on_a_cable_has_no_identity() -> None:
    with pytest.raises(MassagerError, match="identify: must not be there: nothing on a cable"):
        load_text(SMALL.replace("[identify]", "baud = 115200\n[identify]"), "small.toml")
