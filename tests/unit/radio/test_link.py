"""Links: stop comes first, comes again, and is never cancelled; frames pass an open gate only."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from bleak import BleakClient

from devicehub.errors import DeviceNotFound, LinkLost, RadioError, StopUnconfirmed
from devicehub.massagers.decode import Report
from devicehub.massagers.identity import uuid_matches
from devicehub.massagers.wire import Write
from devicehub.radio.link import Link
from devicehub.radio.port import StopOutcome, Terms, to_the_end
from devicehub.radio.stopping import Stopping
from devicehub.radio.transport import STOP_TRIES
from tests.unit.massagers.material import PAIR, massager
from tests.unit.radio.bench import CAPE, VEST, WAND, WAND_ZONE, Bench, Judge, bench, known

SILENT = "kiiroo-prowand"  # writes without response, and nothing that it notifies
NOBODY = "C0:00:00:00:FF:FF"
SUPERVISION_S = 0.8  # the simulated radio gives a silent link 0.72 s


class OddClient(BleakClient):
    """Its system fails now and then, with an error that bleak does not know."""

    failures = 0

    async def write_gatt_char(self, *arguments: Any, **options: Any) -> None:
        if self.failures:
            self.failures -= 1
            raise EOFError
        await super().write_gatt_char(*arguments, **options)

    async def disconnect(self) -> None:
        await super().disconnect()
        raise EOFError


class HastyClient(BleakClient):
    """Notes what is written; somebody may act as soon as a write is out."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.written: list[bytes] = []
        self.at_the_next: Callable[[], object] | None = None

    async def write_gatt_char(self, *arguments: Any, **_options: Any) -> None:
        self.written.append(bytes(arguments[1]))
        act, self.at_the_next = self.at_the_next, None
        if act is not None:
            act()


class DeafClient(BleakClient):
    """Its massager takes writes and answers no wish for notifications."""

    async def start_notify(self, *_arguments: object, **_options: object) -> None:
        await asyncio.Event().wait()


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Bench]:
    async with bench(tmp_path) as here:
        yield here


async def connect_with(fault: str, folder: Path) -> Bench:
    """Try to connect a massager with a fault; return the bench as it was left."""
    async with bench(folder, faults=[fault]) as here:
        await here.link()
    return here


# ------------------------------------------------------------------ connecting


@pytest.mark.parametrize("model", [CAPE, VEST, WAND])
async def test_the_first_write_is_stop(model: str, tmp_path: Path) -> None:
    async with bench(tmp_path, [model]) as here:
        link = await here.link(model)
        stop = link.massager.stops[0].writes[0]
        connected, (kind, said) = here.tape(model).order[:2]
        assert (connected, kind) == (("link", "connected"), "write")
        char, data = said.split()
        assert uuid_matches(stop.char, char)
        assert data == stop.data.hex()
        await link.close()


@pytest.mark.parametrize("model", [CAPE, VEST, WAND])
async def test_nothing_is_asked_of_a_massager_before_it_has_a_stop(
    model: str, tmp_path: Path
) -> None:
    async with bench(tmp_path, [model]) as here:
        address = here.sim.addresses[model]
        link = Link(known(model), model, address)
        async with DeafClient(address, **here.air.client_arguments()) as client:
            with pytest.raises(RadioError, match="would not say what it does"):
                await link.open(client)
            assert here.stops(model) == 1


async def test_one_that_says_nothing_confirms_a_stop_by_what_is_read(tmp_path: Path) -> None:
    async with bench(tmp_path, [SILENT]) as here:
        link = await here.link(SILENT)
        assert not link.massager.notifies
        await link.send(Judge(link.massager).encoded(0.4))
        outcome = await link.close()
        assert outcome.confirmed
        assert here.still(SILENT)


async def test_a_question_that_nobody_answers_confirms_no_stop() -> None:
    written: list[bytes] = []

    async def write(item: Write, _timeout_s: float) -> None:
        written.append(item.data)

    async def nobody() -> bool:
        return False

    stop = (Write("tx", b"\x00", response=False),)
    outcome = await Stopping([stop], 0.0, write, ask=nobody).to_an_answer()
    assert not outcome.confirmed
    assert written == [b"\x00"] * STOP_TRIES


async def test_an_advertised_name_finds_it_in_any_letter_case(desk: Bench) -> None:
    link = await desk.connector.connect("dh-cape", 1.0)
    assert link.address == desk.sim.addresses[CAPE]
    await link.close()


async def test_what_is_not_heard_is_not_found(desk: Bench) -> None:
    with pytest.raises(DeviceNotFound, match=r"not found .* 1 s \(heard: DH-CAPE\)"):
        await desk.connector.connect(NOBODY, 1.0)


async def test_a_massager_that_does_not_answer_is_let_go(tmp_path: Path) -> None:
    async with bench(tmp_path, faults=["hang@0"]) as here:
        with pytest.raises(StopUnconfirmed, match=r"answer the first stop\. The cape stops"):
            await here.link()
        assert here.tape().links[-1][1] == "closed"


async def test_a_link_that_is_lost_while_it_opens_says_so(tmp_path: Path) -> None:
    async with bench(tmp_path, faults=["drop@0"]) as here:
        with pytest.raises(RadioError, match="DH-CAPE"):
            await here.link()


async def test_a_refused_first_stop_is_written_again(tmp_path: Path) -> None:
    async with bench(tmp_path, faults=["refuse@0*3"]) as here:
        link = await here.link()
        assert here.stops() == 4  # at once and two more, all refused; the one that is confirmed
        await link.close()


async def test_who_listens_late_still_hears_the_battery(desk: Bench) -> None:
    link = await desk.link()
    heard: list[Report] = []
    link.listen(heard.append)
    assert [report.battery_percent for report in heard] == [100]
    await link.close()


async def test_the_end_of_an_attempt_that_failed_is_no_lost_link(desk: Bench) -> None:
    link = await desk.link()
    attempt = BleakClient(NOBODY, **desk.air.client_arguments())
    link.disconnected(attempt)
    assert not link.lost.is_set()
    await link.close()


# ---------------------------------------------------------------------- frames


@pytest.mark.exhaustive
async def test_a_frame_moves_the_motors(desk: Bench) -> None:
    link = await desk.link()
    frame = Judge(link.massager).encoded(0.3)
    assert await link.send(frame)
    assert desk.levels() == list(frame.steps)
    await link.close()


async def test_a_stop_between_two_writes_of_a_frame_keeps_the_second_back(desk: Bench) -> None:
    pair = massager(PAIR).held_at(WAND_ZONE)
    link = Link(pair, "pair", desk.sim.addresses[CAPE])
    async with HastyClient(link.address, **desk.air.client_arguments()) as client:
        await link.open(client)
        await link.agree(Terms(pair.steps))
        client.at_the_next = link.begin_stop
        assert not await link.send(Judge(pair).encoded(0.3))
        await link.close()
    assert [data[0] for data in client.written if data[1]] == [0xA0]


@pytest.mark.exhaustive
async def test_nothing_is_sent_before_a_ceiling_was_agreed(desk: Bench) -> None:
    link = await desk.connector.connect("DH-CAPE", 1.0)
    assert not await link.send(Judge(link.massager).encoded(0.3))
    link.rearm()
    assert not await link.send(Judge(link.massager).encoded(0.3))
    assert desk.still()
    await link.close()


async def test_a_frame_above_the_ceiling_is_refused(desk: Bench) -> None:
    link = await desk.link()
    frame = Judge(link.massager).encoded(0.3)
    await link.agree(Terms(tuple(max(step - 1, 0) for step in frame.steps)))
    with pytest.raises(RadioError, match="above the agreed ceiling"):
        await link.send(frame)
    assert desk.still()
    await link.close()


@pytest.mark.exhaustive
async def test_a_frame_that_grew_old_is_not_sent(desk: Bench) -> None:
    link = await desk.link()
    frame = Judge(link.massager).encoded(0.3)
    await asyncio.sleep(0.6)
    assert not await link.send(frame)
    assert desk.still()
    await link.close()


@pytest.mark.exhaustive
async def test_a_stop_closes_the_gate_and_rearm_opens_it(desk: Bench) -> None:
    link = await desk.link()
    judge = Judge(link.massager)
    await link.begin_stop()
    assert not await link.send(judge.encoded(0.3))
    link.rearm()
    assert await link.send(judge.encoded(0.3))
    await link.close()


@pytest.mark.exhaustive
async def test_a_refused_frame_is_an_error(desk: Bench) -> None:
    link = await desk.link()
    desk.device().refuse(1)
    with pytest.raises(RadioError, match="DH-CAPE: a write failed"):
        await link.send(Judge(link.massager).encoded(0.3))
    await link.close()


@pytest.mark.exhaustive
async def test_a_frame_that_is_not_answered_is_an_error(desk: Bench) -> None:
    link = await desk.link()
    desk.device().hang()
    with pytest.raises(RadioError, match=r"not answered within 0\.5 s"):
        await link.send(Judge(link.massager).encoded(0.3))
    desk.device().recover()
    await link.close()


async def test_a_massager_that_stops_answering_is_given_up_after_two_refreshes(
    tmp_path: Path,
) -> None:
    async with bench(tmp_path, [WAND]) as here:
        link = await here.link(WAND)
        judge = Judge(link.massager)
        await asyncio.sleep(0.1)  # its answer about the battery is still on its way
        here.device(WAND).hang()
        for _ in range(2):
            assert await link.send(judge.encoded(0.3))
            await asyncio.sleep(1.01 * link.massager.refresh_s)
        with pytest.raises(RadioError, match="has answered nothing for 2"):
            await link.send(judge.encoded(0.3))
        here.device(WAND).recover()
        await link.close()


# ------------------------------------------------------------------------ stop


@pytest.mark.exhaustive
@pytest.mark.parametrize("model", [CAPE, VEST, WAND])
async def test_a_stop_is_confirmed_by_an_answer(model: str, tmp_path: Path) -> None:
    async with bench(tmp_path, [model]) as here:
        link = await here.link(model)
        await link.send(Judge(link.massager).encoded(0.3))
        assert (await link.begin_stop()).confirmed
        assert here.still(model)
        await link.close()


@pytest.mark.parametrize("refusals", range(STOP_TRIES))
async def test_a_refused_stop_is_written_again(refusals: int, desk: Bench) -> None:
    link = await desk.link()
    before = desk.stops()
    desk.device().refuse(refusals)
    assert (await link.begin_stop()).confirmed
    assert desk.stops() - before == refusals + 1
    await link.close()


@pytest.mark.exhaustive
async def test_a_stop_outlasts_a_massager_that_hangs(desk: Bench) -> None:
    link = await desk.link()
    await link.send(Judge(link.massager).encoded(0.3))
    desk.device().hang()
    stopping = link.begin_stop()
    await asyncio.sleep(1.7)
    desk.device().recover()
    outcome = await stopping
    assert outcome.confirmed
    assert outcome.took_s is not None
    assert outcome.took_s >= 1.7
    assert desk.still()
    await link.close()


@pytest.mark.parametrize("model", [CAPE, VEST, WAND])
async def test_a_massager_that_never_answers_is_not_said_to_be_stopped(
    model: str, tmp_path: Path
) -> None:
    async with bench(tmp_path, [model]) as here:
        link = await here.link(model)
        here.device(model).hang()
        assert await link.begin_stop() == StopOutcome(confirmed=False, took_s=None)
        await link.close()


async def test_a_stop_goes_on_after_an_error_that_nobody_knows(desk: Bench) -> None:
    address = desk.sim.addresses[CAPE]
    link = Link(known(CAPE), CAPE, address)
    client = OddClient(address, **desk.air.client_arguments())
    await client.connect()
    await link.open(client)
    client.failures = STOP_TRIES - 1
    assert (await link.close()).confirmed
    assert desk.tape().links[-1][1] == "closed"


async def test_a_lost_massager_is_not_said_to_be_stopped(desk: Bench) -> None:
    link = await desk.link()
    desk.device().go_out_of_range()
    assert not (await link.begin_stop()).confirmed
    assert link.lost.is_set()
    assert not (await link.close()).confirmed


async def test_every_stop_that_is_asked_for_is_written(desk: Bench) -> None:
    link = await desk.link()
    before = desk.stops()
    for stopping in [link.begin_stop() for _ in range(3)]:
        assert (await stopping).confirmed
    assert desk.stops() - before == 3
    await link.close()


@pytest.mark.exhaustive
async def test_a_frame_in_flight_does_not_outlive_a_stop(tmp_path: Path) -> None:
    async with bench(tmp_path, [VEST]) as here:
        link = await here.link(VEST)
        here.device(VEST).hang()
        sending = asyncio.create_task(link.send(Judge(link.massager).encoded(0.4)))
        await asyncio.sleep(0.01)
        stopping = link.begin_stop()
        await asyncio.sleep(0.1)
        here.device(VEST).recover()
        await sending
        assert (await stopping).confirmed
        assert here.still(VEST)
        await link.close()


# ---------------------------------------------------------------- cancellation

Way = Callable[[Bench], Awaitable[object]]


async def _stop(here: Bench) -> object:
    link = await here.link()
    await link.send(Judge(link.massager).encoded(0.3))
    here.device().hang()
    return await to_the_end(link.begin_stop())


async def _close(here: Bench) -> object:
    link = await here.link()
    await link.send(Judge(link.massager).encoded(0.3))
    here.device().hang()
    return await link.close()


@pytest.mark.exhaustive
@pytest.mark.parametrize("times", [1, 2, 3])
@pytest.mark.parametrize("way", [_stop, _close])
async def test_a_stop_is_written_however_often_it_is_cancelled(
    way: Way, times: int, desk: Bench
) -> None:
    task = asyncio.ensure_future(way(desk))  # noqa: TID251 - a test cancels it
    await asyncio.sleep(0.5)
    for _ in range(times):
        task.cancel()
        await asyncio.sleep(0.3)
    assert not task.done()
    desk.device().recover()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert desk.still()


@pytest.mark.parametrize("times", [1, 2, 3])
async def test_a_cancelled_connection_is_closed_with_a_stop(times: int, tmp_path: Path) -> None:
    async with bench(tmp_path, faults=["hang@0+1.3"]) as here:
        task = asyncio.create_task(here.link())
        await asyncio.sleep(0.4)
        for _ in range(times):
            task.cancel()
            await asyncio.sleep(0.2)
        with pytest.raises(asyncio.CancelledError):
            await task
        assert here.stops() >= 2
        assert here.tape().links[-1][1] == "closed"


async def test_a_cancelled_connection_says_that_nobody_confirmed_its_stop(tmp_path: Path) -> None:
    async with bench(tmp_path, [VEST], ["hang@0"]) as here:
        task = asyncio.create_task(here.link(VEST))
        await asyncio.sleep(5.0)  # it has given up, and writes its last stop
        task.cancel()
        with pytest.raises(StopUnconfirmed, match="Hold the power button"):
            await task


async def test_what_ends_in_an_error_hands_it_on() -> None:
    async def fail() -> None:
        raise LinkLost("gone")

    with pytest.raises(LinkLost):
        await to_the_end(fail())


# ------------------------------------------------------------------- link loss


@pytest.mark.exhaustive
async def test_a_lost_link_is_noticed(desk: Bench) -> None:
    link = await desk.link()
    desk.device().go_out_of_range()
    async with asyncio.timeout(SUPERVISION_S):
        await link.lost.wait()
    assert not await link.send(Judge(link.massager).encoded(0.3))


async def test_a_lost_link_cannot_be_rearmed(desk: Bench) -> None:
    link = await desk.link()
    desk.device().go_out_of_range()
    await link.lost.wait()
    link.rearm()
    assert not await link.send(Judge(link.massager).encoded(0.3))


async def test_a_link_that_was_closed_is_not_lost(desk: Bench) -> None:
    link = await desk.link()
    assert (await link.close()).confirmed
    assert not link.lost.is_set()
    assert desk.tape().links[-1][1] == "closed"
