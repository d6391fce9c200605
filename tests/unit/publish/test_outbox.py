"""The outbox keeps order, and drops what matters least."""

from hypothesis import given
from hypothesis import strategies as st

from devicehub.messages import Event
from devicehub.outside import Happening, Severity
from devicehub.publish.outbox import Outbox


def happening(seq: int, severity: Severity = Severity.INFO) -> Happening:
    return Happening(seq, 0.0, None, None, severity, Event(0.0, "phase"))


def drained(box: Outbox) -> list[int]:
    seqs: list[int] = []
    while (waiting := box.oldest()) is not None:
        seqs.append(waiting.happening.seq)
        box.acknowledged(waiting)
    return seqs


@given(st.lists(st.sampled_from(Severity), max_size=60), st.integers(1, 20))
def test_what_is_critical_is_never_dropped_and_nothing_changes_places(
    severities: list[Severity], limit: int
) -> None:
    box = Outbox(limit)
    for seq, severity in enumerate(severities):
        box.put(happening(seq, severity), late=True)
    critical = [seq for seq, severity in enumerate(severities) if severity is Severity.CRITICAL]
    assert len(box) == max(min(limit, len(severities)), len(critical))
    assert sum(box.dropped.values()) == len(severities) - len(box)
    assert box.dropped[Severity.CRITICAL] == 0
    left = drained(box)
    assert left == sorted(left)
    assert set(critical) <= set(left)


def test_the_oldest_information_goes_first_and_warnings_after_all_of_it() -> None:
    box = Outbox(3)
    kinds = [Severity.WARNING, Severity.INFO, Severity.INFO, Severity.CRITICAL, Severity.CRITICAL]
    for seq, severity in enumerate(kinds):
        box.put(happening(seq, severity), late=True)
    assert box.dropped[Severity.INFO] == 2
    box.put(happening(5, Severity.CRITICAL), late=True)
    assert box.dropped[Severity.WARNING] == 1
    assert drained(box) == [3, 4, 5]


def test_what_was_not_sent_at_once_tells_of_the_past() -> None:
    box = Outbox()
    box.put(happening(1), late=False)
    box.put(happening(2), late=True)
    first = box.oldest()
    assert first is not None
    assert not first.hist
    box.all_late()
    assert [waiting.hist for waiting in (box.oldest(),) if waiting] == [True]


def test_what_was_dropped_on_its_way_takes_nothing_else_with_it() -> None:
    box = Outbox(1)
    box.put(happening(1), late=False)
    on_its_way = box.oldest()
    assert on_its_way is not None
    box.put(happening(2), late=False)
    box.acknowledged(on_its_way)
    assert drained(box) == [2]
