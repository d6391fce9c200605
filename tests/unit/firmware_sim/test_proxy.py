"""`firmware-sim proxy`: what it refuses in a line, and how it frames what it says."""

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from firmware_sim.cli import main
from firmware_sim.proxy.framing import Encrypted, NotAFrameError, Plain, key_of
from firmware_sim.proxy.wire import halves, message, packed, unpacked

KEY = "QRTIErOb/fcE9Ukd/5qA3RGYMn0Y+p06U58SCtOXvPc="


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("--air", "nowhere"), "address 'nowhere': expected unix:/path or host:port"),
        (("--air", "unix:/no/such"), "unix:/no/such: No such file or directory"),
        (("--air", "unix:/x", "--listen", "unix:/y"), "address 'unix:/y': expected host:port"),
        (("--air", "unix:/x", "--key", "c2hvcnQ="), "the key must be 32 bytes in base64"),
    ],
)
def test_a_mistake_is_told_in_a_line(words: tuple[str, ...], why: str) -> None:
    said = CliRunner().invoke(main, ["proxy", *words])
    assert (said.exit_code, said.output) == (2, f"firmware-sim proxy: {why}\n")


@given(st.lists(st.integers(0, 300), min_size=1, max_size=4), st.integers(1, 7))
def test_plain_frames_are_taken_whole_however_they_come(sizes: list[int], step: int) -> None:
    far, near = Plain(), Plain()
    sent = [(7 + size, bytes(size)) for size in sizes]
    stream = b"".join(far.frame(*one) for one in sent)
    taken = [
        frame
        for start in range(0, len(stream), step)
        for frame in near.take(stream[start : start + step])[1]
    ]
    assert taken == sent


def test_who_speaks_the_other_language_is_told_in_it() -> None:
    with pytest.raises(NotAFrameError) as encrypted:
        Plain().take(b"\x01\x00\x00")
    assert encrypted.value.answer[0] == 0
    with pytest.raises(NotAFrameError) as plain:
        Encrypted(key_of(KEY), "hall", "02AABBCCDDEE").take(b"\x00\x00\x01")
    assert plain.value.answer[0] == 1


def test_a_message_is_what_it_was_and_one_that_nobody_knows_is_none() -> None:
    said = message("BluetoothGATTWriteRequest", address=1, handle=2, response=False, data=b"\x03")
    assert unpacked(*packed(said)) == said
    assert unpacked(60_000, b"") is None


def test_a_uuid_is_carried_in_two_halves() -> None:
    assert halves("00002902-0000-1000-8000-00805f9b34fb") == [0x290200001000, 0x800000805F9B34FB]
