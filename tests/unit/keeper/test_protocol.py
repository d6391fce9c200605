"""The pipe's lines: what goes in comes out, and anything else is no message."""

import json
from dataclasses import fields
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devicehub.keeper import protocol
from devicehub.keeper.protocol import (
    Agree,
    Beat,
    Connect,
    Connected,
    Done,
    Failed,
    Frame,
    Message,
    NotAMessageError,
    Stopped,
    from_line,
    to_line,
)
from tests.every import every, every_row

FRAME = Frame(7, "DH-CAPE", [("7d3c", "00ff", True), ("7d3d", "", False)], [0, 3], 12.5)


@pytest.mark.exhaustive
@given(st.one_of([st.from_type(kind) for kind in get_args(Message)]))
def test_every_message_comes_back(message: Message) -> None:
    line = to_line(message)
    assert line.endswith(b"\n")
    assert line.count(b"\n") == 1
    again = from_line(line)
    assert type(again) is type(message)
    assert repr(again) == repr(message)  # NaN is not equal to itself


def test_every_kind_of_message_has_a_name() -> None:
    assert set(protocol._KINDS) == {kind.__name__ for kind in get_args(Message)}  # pyright: ignore[reportPrivateUsage] - the table of names


def test_a_default_may_be_left_out() -> None:
    assert from_line(b'{"op": "Done", "seq": 1, "written": true}') == Done(1, written=True)


def test_a_whole_number_is_a_time() -> None:
    message = from_line(b'{"op": "Connect", "seq": 1, "device": "x", "timeout_s": 10}')
    assert message == Connect(1, "x", 10.0)


@every(
    [
        b"",
        b"\n",
        b"stop\n",
        b"null",
        b"[]",
        b'["op", "Stop"]',
        b'"Stop"',
        b"{}",
        b'{"op": null}',
        b'{"op": ["Stop"]}',
        b'{"op": "Message"}',
        b'{"op": "Stop"}',
        b'{"op": "Stop", "seq": 1}',
        b'{"op": "Stop", "seq": 1, "device": "x", "force": true}',
        b'{"op": "Stop", "seq": 1, "device": "x"',
        b"\xff\xfe",
        b"[" * 50_000,
        b'{"op": "Stop", "seq": 1, "device": "x"}{"op": "Stop", "seq": 1, "device": "x"}',
    ]
)
def test_a_line_that_is_no_message_is_refused(line: bytes) -> None:
    with pytest.raises(NotAMessageError):
        from_line(line)


@every_row(
    [
        (FRAME, "seq", "7"),
        (FRAME, "seq", True),
        (FRAME, "seq", None),
        (FRAME, "device", 7),
        (FRAME, "writes", "00"),
        (FRAME, "writes", [["7d3c", "00"]]),
        (FRAME, "writes", [["7d3c", "00", 1]]),
        (FRAME, "writes", [["7d3c", "00", True, True]]),
        (FRAME, "steps", [0.5]),
        (FRAME, "steps", {"0": 1}),
        (FRAME, "not_after_s", "12"),
        (FRAME, "not_after_s", None),
        (Agree(1, "x", [1]), "ceiling", [None]),
        (Agree(1, "x", [1]), "ceiling", 1),
        (Beat({"x": [1]}, {"x": 1.0}), "steps", [[1]]),
        (Beat({"x": [1]}, {"x": 1.0}), "not_after_s", {"x": "soon"}),
        (Connected(1, "reference-cape", True), "simulated", "yes"),
        (Stopped(1, True, 0.1), "took_s", "0.1"),
        (Failed(1, "LinkLost", "gone"), "error", 5),
    ]
)
def test_a_field_of_another_type_is_refused(message: Message, name: str, value: object) -> None:
    body = json.loads(to_line(message))
    assert name in {field.name for field in fields(message)}
    with pytest.raises(NotAMessageError):
        from_line(json.dumps(body | {name: value}).encode())


def test_a_refusal_says_what_was_wrong() -> None:
    with pytest.raises(NotAMessageError, match=r"^keeper: a message with unknown fields$"):
        from_line(b'{"op": "Stop", "seq": 1, "device": "x", "force": true}')
    with pytest.raises(NotAMessageError, match=r"^keeper: a line that is no message$") as caught:
        from_line(b'{"op": "Stop", "seq": "1", "device": "x"}')
    assert "'1' is no " in str(caught.value.__cause__)
    with pytest.raises(NotAMessageError) as caught:
        from_line(json.dumps(json.loads(to_line(FRAME)) | {"writes": "00"}).encode())
    assert str(caught.value.__cause__) == "'00' is no list"


@given(st.binary(max_size=200))
def test_nothing_but_a_refusal_comes_of_junk(line: bytes) -> None:
    try:
        from_line(line)
    except NotAMessageError:
        return
