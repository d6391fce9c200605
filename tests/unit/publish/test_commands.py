"""Commands: what is read, what is refused, and a stop that names a massager."""

import json
from collections.abc import Mapping
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devicehub.publish.commands import IN, Start, Unreadable, id_in, named_in, read
from tests.every import every

DEVICES = ("cape-1", "cape-12", "vest-3")
START = {
    "id": "a",
    "ts": "2026-11-22T07:03:09.9Z",
    "ttl_s": 5,
    "device": "cape-1",
    "profile": "taster",
    "person": "person-1",
}


@given(st.binary(max_size=200), st.sampled_from(sorted(IN)))
def test_no_payload_makes_reading_stumble(payload: bytes, name: str) -> None:
    with suppress(Unreadable):
        read(IN[name], payload)


@given(st.binary(max_size=200))
def test_a_stop_never_stumbles_and_means_all_in_doubt(payload: bytes) -> None:
    assert named_in(payload, DEVICES) in (None, *DEVICES)
    assert id_in(payload) is None or isinstance(id_in(payload), str)


@pytest.mark.parametrize(
    ("payload", "named"),
    [
        (b'{"device": "cape-1"}', "cape-1"),
        (b'{"device":"cape-12"}', "cape-12"),
        (b"vest-3", "vest-3"),
        (b"", None),
        (b'{"device": "cape-2"}', None),
        (b'{"device": "cape-1", "by": "vest-3"}', None),
        (b"cape-1 and more", None),
        (b'\xff"cape-1"', "cape-1"),
    ],
)
def test_a_stop_names_one_massager_or_all(payload: bytes, named: str | None) -> None:
    assert named_in(payload, DEVICES) == named


def test_a_start_is_read() -> None:
    start = read(Start, json.dumps(START).encode())
    assert (start.device, start.ceiling, start.minutes) == ("cape-1", 1.0, None)
    assert start.made_s == pytest.approx(1_795_330_989.9)


@every(
    [
        {"ts": "2026-11-22T07:03:09.9"},
        {"ts": "yesterday"},
        {"ts": True},
        {"ttl_s": 0},
        {"ttl_s": 10.1},
        {"ttl_s": "5"},
        {"id": ""},
        {"id": 7},
        {"ceiling": 1.01},
        {"ceiling": -0.1},
        {"ceiling": "0.5"},
        {"minutes": 31},
        {"minutes": 0},
        {"device": "AA:BB:CC:DD:EE:FF"},
        {"person": "Alex"},
        {"v": 2},
        {"cieling": 0.2},
    ]
)
def test_a_start_with_anything_wrong_is_refused(change: Mapping[str, object]) -> None:
    with pytest.raises(Unreadable) as refused:
        read(Start, json.dumps({**START, **change}).encode())
    assert str(refused.value).startswith(next(iter(change)))


@pytest.mark.parametrize("missing", ["id", "ts", "ttl_s", "device", "profile", "person"])
def test_a_start_with_anything_missing_is_refused(missing: str) -> None:
    part = {key: value for key, value in START.items() if key != missing}
    with pytest.raises(Unreadable, match=missing):
        read(Start, json.dumps(part).encode())
