"""A connection on the air: packets wait for their event, silence ends the link."""

import asyncio
from collections.abc import Callable

import pytest

from firmware_sim.clock import VirtualLoop
from firmware_sim.radio_contact import Contact, Timing, Weather

INTERVAL_S, SUPERVISION_S = 0.015, 0.72


class Link:
    """A contact between "hub" and "cape", and what came through."""

    def __init__(self, weather: Weather) -> None:
        self.heard: list[tuple[float, bytes]] = []
        self.left: list[int] = []
        self.ended: list[tuple[float, object]] = []
        timing = Timing(INTERVAL_S, SUPERVISION_S)
        self.contact = Contact(weather, timing, lambda end: self.ended.append((now_s(), end)))
        for end in ("hub", "cape"):
            self.contact.join(end, lambda p: self.heard.append((now_s(), p)), self.left.append)


def now_s() -> float:
    return asyncio.get_running_loop().time()


def live(seconds: float, act: Callable[[Link], None], weather: Weather | None = None) -> Link:
    """Let a link live after something was done to it."""

    async def work() -> Link:
        link = Link(weather or Weather())
        act(link)
        await asyncio.sleep(seconds)
        return link

    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        return runner.run(work())


def send(*packets: bytes) -> Callable[[Link], None]:
    def act(link: Link) -> None:
        for packet in packets:
            link.contact.send("hub", packet)

    return act


def test_a_packet_waits_for_the_next_connection_event() -> None:
    link = live(1, send(b"a"))
    assert link.heard == [(pytest.approx(INTERVAL_S), b"a")]


def test_an_event_carries_so_many_packets_and_the_rest_waits() -> None:
    link = live(1, send(*(bytes([n]) for n in range(8))), Weather(packets_per_event=6))
    assert [packet[0] for _, packet in link.heard] == list(range(8))
    assert link.heard[5][0] == pytest.approx(INTERVAL_S)
    assert link.heard[6][0] == pytest.approx(2 * INTERVAL_S)
    assert link.left == [6, 2]


def test_without_pacing_packets_pass_at_once() -> None:
    link = live(1, send(b"a", b"b"), Weather(pacing=False))
    assert link.heard == [(0.0, b"a"), (0.0, b"b")]


def test_a_lossy_air_delays_and_never_loses() -> None:
    packets = [bytes([n]) for n in range(100)]
    lossy = Weather(loss=0.5, packets_per_event=1, seed=3)
    link = live(60, send(*packets), lossy)
    assert [packet for _, packet in link.heard] == packets
    assert link.heard[-1][0] > 1.5 * 100 * INTERVAL_S


def test_the_same_seed_loses_the_same_events() -> None:
    packets = [bytes([n]) for n in range(50)]
    first, second = (live(60, send(*packets), Weather(loss=0.3, seed=5)).heard for _ in range(2))
    assert first == second


def test_silence_ends_the_link_for_both_after_the_supervision_timeout() -> None:
    link = live(2, lambda link: link.contact.set_audible("cape", False))
    assert link.ended == [(SUPERVISION_S, "hub"), (SUPERVISION_S, "cape")]


def test_who_is_heard_again_in_time_keeps_the_link_and_what_waited() -> None:
    def act(link: Link) -> None:
        link.contact.set_audible("cape", False)
        link.contact.send("hub", b"a")
        asyncio.get_running_loop().call_later(0.5, link.contact.set_audible, "cape", True)

    link = live(2, act)
    assert [packet for _, packet in link.heard] == [b"a"]
    assert link.heard[0][0] >= 0.5
    assert link.ended == []


def test_an_end_that_leaves_is_missed_by_the_other_alone() -> None:
    link = live(2, lambda link: link.contact.leave("hub"))
    assert link.ended == [(SUPERVISION_S, "cape")]


def test_when_both_ends_left_nobody_is_told() -> None:
    def act(link: Link) -> None:
        link.contact.leave("hub")
        link.contact.leave("cape")

    assert live(2, act).ended == []


def test_both_ends_silent_need_both_to_be_heard_again() -> None:
    def act(link: Link) -> None:
        link.contact.set_audible("hub", False)
        link.contact.set_audible("cape", False)
        link.contact.set_audible("hub", True)
        assert not link.contact.is_up
        link.contact.set_audible("cape", True)
        assert link.contact.is_up

    assert live(2, act).ended == []
