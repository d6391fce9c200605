"""The shelf sends what changed, everything to a new line, and leaves no ghost; back-off waits."""

import pytest

from devicehub.publish.backoff import LONGEST_S, RIVAL_FIRST_S, RIVAL_LONGEST_S, Backoff
from devicehub.publish.shelf import Shelf
from devicehub.publish.wire import Heartbeat

TS = "2026-11-22T07:03:09.900Z"


def beat(line: str = "main", ts: str = TS) -> Heartbeat:
    return Heartbeat.model_validate({"ts": ts, "boot": "b", "line": line})


def sent(shelf: Shelf) -> list[tuple[str, bool]]:
    """Send everything; return the topics, and whether each was emptied."""
    topics: list[tuple[str, bool]] = []
    while (message := shelf.unsent()) is not None:
        topics.append((message.topic, not message.payload))
        shelf.sent(message)
    return topics


def test_only_what_changed_is_sent_and_time_alone_is_no_change() -> None:
    shelf = Shelf()
    shelf.put("a", beat(), qos=1)
    shelf.put("b", beat(), qos=1)
    assert sent(shelf) == [("a", False), ("b", False)]
    shelf.put("a", beat(ts=TS.replace("2026", "2027")), qos=1)
    assert sent(shelf) == []
    shelf.put("a", beat("stop"), qos=1)
    assert sent(shelf) == [("a", False)]


def test_a_new_line_gets_everything_again() -> None:
    shelf = Shelf()
    shelf.put("a", beat(), qos=1)
    sent(shelf)
    shelf.all_unsent()
    assert sent(shelf) == [("a", False)]


def test_what_is_gone_is_emptied_once() -> None:
    shelf = Shelf()
    for topic in ("a", "b"):
        shelf.put(topic, beat(), qos=1)
    sent(shelf)
    shelf.keep_only(["a"])
    assert sent(shelf) == [("b", True)]
    shelf.all_unsent()
    assert sent(shelf) == [("a", False)]


def test_what_changed_on_its_way_is_sent_again() -> None:
    shelf = Shelf()
    shelf.put("a", beat(), qos=1)
    on_its_way = shelf.unsent()
    assert on_its_way is not None
    shelf.put("a", beat("stop"), qos=1)
    shelf.sent(on_its_way)
    assert sent(shelf) == [("a", False)]


def test_tries_come_further_apart_and_never_more_than_five_seconds() -> None:
    backoff = Backoff()
    pauses = [backoff.failed(0.0, 1.0) for _ in range(8)]
    assert pauses == pytest.approx([0.2, 0.4, 0.8, 1.6, 3.2, LONGEST_S, LONGEST_S, LONGEST_S])
    assert backoff.failed(60.0, 0.0) == pytest.approx(0.1)


def test_a_line_that_flaps_is_no_reason_to_hurry() -> None:
    backoff = Backoff()
    assert [backoff.failed(0.1, 1.0) for _ in range(6)][-1] == LONGEST_S


def test_an_id_that_was_taken_is_left_alone_for_longer_and_longer() -> None:
    backoff = Backoff()
    pauses = [backoff.taken_over(1.0, 1.0) for _ in range(8)]
    assert pauses[:3] == [RIVAL_FIRST_S, 2 * RIVAL_FIRST_S, 4 * RIVAL_FIRST_S]
    assert pauses[-1] == RIVAL_LONGEST_S
