"""The whitelist, exhaustively, over every file of the library and every invented one.

These tests grow by themselves: a new file is in them by being there.
"""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devicehub.massagers.library import load_library, load_text
from devicehub.massagers.model import Massager
from devicehub.massagers.parse import is_stop
from devicehub.massagers.wire import Encoded, Write
from tests.every import every
from tests.unit.massagers.reading import legal, passes, read_back, samples, writes_of

INVENTED = Path(__file__).with_name("invented")
MODELS = [
    *load_library().values(),
    *(
        massager
        for path in sorted(INVENTED.glob("*.toml"))
        for massager in load_text(path.read_text(encoding="utf-8"), path.name).massagers.values()
    ),
]
NAMES = [massager.model for massager in MODELS]

every_model = every(MODELS, lambda subject: subject.model)
each_model = pytest.mark.parametrize("subject", MODELS, ids=NAMES)


@pytest.mark.exhaustive
@every_model
def test_every_level_of_every_motor_is_read_back_as_itself(subject: Massager) -> None:
    for levels in samples(subject):
        assert read_back(subject, levels, counter=sum(levels) % 256) == levels


@pytest.mark.thorough
@each_model
@settings(max_examples=10, deadline=None)
@given(data=st.data())
def test_any_levels_together_are_read_back_as_themselves(
    subject: Massager, data: st.DataObject
) -> None:
    levels = tuple(data.draw(st.tuples(*(st.integers(0, most) for most in subject.steps))))
    assert read_back(subject, levels) == levels


@every_model
def test_a_stop_is_a_stop(subject: Massager) -> None:
    for stop in subject.stops:
        assert all(is_stop(subject, write) for write in stop.writes)
        passed = passes(subject, [w for w in stop.writes if w in _of_levels(subject, stop)])
        assert passed is not None
        assert not any(passed.steps)


def _of_levels(subject: Massager, stop: Encoded) -> tuple[Write, ...]:
    """Return the writes of a stop that are for the motors."""
    pad = subject.heat
    if pad is None:
        return stop.writes
    return tuple(write for write in stop.writes if pad.off.levels_in(write) is None)


@pytest.mark.thorough
@each_model
def test_a_byte_changed_gives_other_levels_of_the_same_language_or_nothing(
    subject: Massager,
) -> None:
    for writes in legal(subject):
        for number, write in enumerate(writes[:4]):
            for at in range(len(write.data)):
                for value in range(256):
                    data = write.data[:at] + bytes((value,)) + write.data[at + 1 :]
                    other = Write(write.char, data, write.response)
                    _check(subject, (*writes[:number], other, *writes[number + 1 :]), other)


def _check(subject: Massager, writes: tuple[Write, ...], changed: Write) -> None:
    """Hold that what passes is what the codec itself would write for those levels."""
    passed = passes(subject, writes)
    if passed is None or is_stop(subject, changed):
        return
    if subject.codec.presses is not None:
        presses = (*subject.codec.presses.up, *subject.codec.presses.down)
        assert changed in presses
        return
    if any(passed.steps) or not subject.codec.zero_is_stop:
        counters = range(256) if any(f.counts for f in subject.codec.frames) else (0,)
        assert any(changed in writes_of(subject, passed.steps, count) for count in counters)


@every_model
def test_a_byte_more_or_less_is_nothing(subject: Massager) -> None:
    for writes in legal(subject):
        for write in writes[:4]:
            for data in (write.data[:-1], write.data + b"\x00", write.data * 2, b""):
                other = Write(write.char, data, write.response)
                if other not in writes_of(subject, subject.steps):
                    assert _refused(subject, other)


def _refused(subject: Massager, write: Write) -> bool:
    """Say whether a write alone is refused, or is no more than words of text for other levels."""
    passed = passes(subject, [write])
    return passed is None or write in writes_of(subject, passed.steps)


@every_model
def test_another_characteristic_or_another_way_to_write_is_nothing(subject: Massager) -> None:
    known = {frame.char for frame in (*subject.codec.frames, *subject.codec.stop)}
    for writes in legal(subject):
        for write in writes:
            for char in ("00002a00-0000-1000-8000-00805f9b34fb", write.char[:-1] + "x"):
                assert passes(subject, [Write(char, write.data, write.response)]) is None
            turned = Write(write.char, write.data, not write.response)
            if not any(c.uuid == turned.char and c.response == turned.response for c in known):
                assert passes(subject, [turned]) is None


@every_model
def test_what_the_link_says_by_itself_is_not_for_the_hub_to_say(subject: Massager) -> None:
    asks = [subject.battery_ask] if subject.battery_ask is not None else []
    steps = [step.does for step in subject.connect if isinstance(step.does, Encoded)]
    for words in (*steps, *asks):
        assert passes(subject, words.writes) is None
    for word in subject.codec.wake:
        assert passes(subject, [word]) is None


# Commands that share a pipe with the massage: from tests/vectors/beds_massage.json's sources
# (ha-adjustable-bed, MIT), buttplug's and TrueGearCLI's notes. None may ever pass.
OTHERS = {
    "lovense-domi": ["PowerOff;", "Reset;", "Vibrate:21;", "Vibrate:-1;", "Preset:1;"],
    "reverie-108": ["554104", "554914", "555801", "5552005e"],
    "reverie-110": ["29", "ff"],
    "jensen-jmc": ["10ff00000000", "100000000000", "120b00000001", "1e0300060000"],
    "leggett-gen2": ["MVI 0:4", "MVI 2:1", "MMODE 0:1", "PUP", "FLAT", "VII :0"],
    "richmat-discrete": ["6e0100245f", "6e010031a0", "6e01009f0f", "6e010097060"],
    "solace": [
        "ffffffff050000000116c0",
        "ffffffff0500000016" + "56ce",
        "ffffffff05000500e4c74a",
        "ffffffff0500000014d70f",
    ],
    "serta-motion": ["e5fe160100000005", "e5fe16080000" + "00fe", "e5fe160002000004"],
    "truegear-me02": ["68680110000000" + "03e8000000640064f000f00016"],
    "rongtai-rt8600s": ["f084017af1", "f0842754f1", "f084106bf1"],
    "youou-vx001": ["aa55000203" + "01f80105ff00000000000000"],
    "mymuse-link-plus": ["aa55060101010" + "4ff"],
    "foreo-luna": ["01010a", "01000b", "02000a"],
}


@pytest.mark.parametrize("model", sorted(OTHERS.keys() & load_library().keys()))
def test_what_shares_the_pipe_never_passes(model: str) -> None:
    subject = load_library()[model]
    chars = {(frame.char.uuid) for frame in subject.codec.stop}
    for said in OTHERS[model]:
        data = bytes.fromhex(said) if _is_hex(said) else said.encode()
        for char in chars:
            for response in (True, False):
                assert passes(subject, [Write(char, data, response)]) is None, said


def _is_hex(said: str) -> bool:
    return len(said) % 2 == 0 and all(c in "0123456789abcdef" for c in said)
