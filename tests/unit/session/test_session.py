"""A session: what can be asked of it while it plays, and how it ends."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from devicehub.errors import DeviceNotFound
from devicehub.hub import Hub, Wanted
from devicehub.massagers.show import describe
from devicehub.messages import Command, CommandKind, EndReason, Event, SessionState
from devicehub.session.plan import Plan
from profiles import loader
from tests.limits import read_zones
from tests.oracle import judge
from tests.people import hub_of
from tests.unit.radio.bench import CAPE, VEST, bench, known, now_s
from tests.unit.session.stage import GENTLE_S, LENGTH_S, STEADY, WARM_S, Stage, stage

FULL = 30  # steps of the cape at the level of the profile


@pytest.fixture
async def show(tmp_path: Path) -> AsyncIterator[Stage]:
    async with stage(tmp_path) as playing:
        yield playing


# -------------------------------------------------------------------- the whole


@pytest.mark.exhaustive
async def test_it_plays_to_its_end_and_stops(show: Stage) -> None:
    summary = await show.ended()
    assert summary.reason is EndReason.COMPLETED
    assert summary.played_s == pytest.approx(LENGTH_S)
    assert [end.stop_confirmed for end in summary.devices] == [True]
    assert show.here.still()
    assert show.here.tape().links[-1][1] == "closed"


@pytest.mark.exhaustive
async def test_it_says_what_happens(show: Stage) -> None:
    await show.ended()
    names = [event.name for event in show.events if event.name != "warning"]
    assert names == ["connecting", "connected", "started", "phase", "phase"]
    assert show.said("phase") == ["1 of 2: vibration", "2 of 2: vibration"]


@pytest.mark.exhaustive
async def test_the_summary_says_what_was_felt(show: Stage) -> None:
    felt = {row.zone: row for row in (await show.ended()).felt}
    assert felt["rhomboid"].peak == pytest.approx(0.3)
    assert felt["rhomboid"].seconds == pytest.approx(LENGTH_S, abs=1.0)
    assert felt["paraspinal_lumbar"].seconds == pytest.approx(LENGTH_S / 2, abs=3.0)


@pytest.mark.exhaustive
async def test_two_massagers_play_together(tmp_path: Path) -> None:
    async with stage(tmp_path, [CAPE, VEST]) as show:
        await asyncio.sleep(WARM_S)
        assert not show.here.still(CAPE)
        assert not show.here.still(VEST)
        show.post(CommandKind.STOP)
        assert [end.stop_confirmed for end in (await show.ended()).devices] == [True, True]
        assert show.here.still(CAPE)
        assert show.here.still(VEST)


@pytest.mark.exhaustive
async def test_a_snapshot_shows_the_session_now(show: Stage) -> None:
    await asyncio.sleep(WARM_S)
    now = show.snapshot()
    assert (now.state, now.title, now.passages) == (SessionState.PLAYING, "Steady", 2)
    assert now.elapsed_s + now.remaining_s == pytest.approx(LENGTH_S)
    (device,) = now.devices
    assert (device.link, device.may_be_running, device.battery_percent) == ("connected", True, 100)
    assert [round(a.sent * 100) for a in device.actuators] == show.here.levels()


@pytest.mark.exhaustive
async def test_after_the_end_nothing_may_be_running(show: Stage) -> None:
    await show.ended()
    assert show.snapshot().state is SessionState.ENDED
    assert not show.snapshot().devices[0].may_be_running


async def test_a_massager_that_is_not_found_lets_the_others_go(tmp_path: Path) -> None:
    async with bench(tmp_path) as here:
        wanted = [Wanted("cape", here.sim.addresses[CAPE]), Wanted("other", "nobody")]
        plan = Plan(loader.load_text(STEADY, "steady.toml"))
        with pytest.raises(DeviceNotFound, match="nobody: not found"):
            await (await hub_of(plan, wanted, here.connector, lambda _: None)).run()
        assert here.stops() >= 2
        assert here.tape().links[-1][1] == "closed"


# ------------------------------------------------------------------------ stop


async def test_stop_is_written_before_the_next_beat(show: Stage) -> None:
    await asyncio.sleep(WARM_S)
    show.post(CommandKind.STOP)
    await asyncio.sleep(0.001)
    assert show.here.still()
    summary = await show.ended()
    assert (summary.reason, summary.detail) == (EndReason.STOPPED, "test")


@pytest.mark.exhaustive
async def test_stop_does_not_wait_for_the_loop(show: Stage) -> None:
    await asyncio.sleep(WARM_S)
    show.post(CommandKind.STOP)
    assert all(deck.stopping for deck in show.session.decks)


@pytest.mark.exhaustive
async def test_every_press_writes_stop_again(show: Stage) -> None:
    await asyncio.sleep(WARM_S)
    show.here.device().hang()
    before = show.here.stops()
    for _ in range(3):
        show.post(CommandKind.STOP)
    show.here.device().recover()
    await asyncio.sleep(0.001)
    assert show.here.stops() - before >= 3


@pytest.mark.exhaustive
async def test_stop_waits_for_nothing_in_the_inbox(show: Stage) -> None:
    await asyncio.sleep(WARM_S)
    for _ in range(50):
        show.post(CommandKind.PAUSE)
        show.post(CommandKind.RESUME)
    show.post(CommandKind.STOP)
    await asyncio.sleep(0.001)
    assert show.here.still()
    assert (await show.ended()).reason is EndReason.STOPPED


@pytest.mark.parametrize(
    ("kind", "reason"),
    [(CommandKind.STOP, EndReason.STOPPED), (CommandKind.HURTS, EndReason.DISCOMFORT)],
)
async def test_a_stop_while_it_connects_ends_it(
    kind: CommandKind, reason: EndReason, tmp_path: Path
) -> None:
    def stop_at_the_second(hub: Hub, event: Event) -> None:
        if (event.name, event.device) == ("connecting", VEST):
            hub.post(Command(kind, "test"))

    async with stage(tmp_path, [CAPE, VEST], on_event=stop_at_the_second) as show:
        summary = await show.ended()
        assert summary.reason is reason
        assert [(end.model, end.stop_confirmed) for end in summary.devices] == [(CAPE, True)]
        assert show.here.tape().links[-1][1] == "closed"
        assert show.said("started") == []


@pytest.mark.exhaustive
async def test_a_stop_that_nobody_confirms_is_told(show: Stage) -> None:
    await asyncio.sleep(WARM_S)
    show.here.device().hang()
    show.post(CommandKind.STOP)
    assert [end.stop_confirmed for end in (await show.ended()).devices] == [False]


@pytest.mark.exhaustive
async def test_pain_stops_at_once(show: Stage) -> None:
    await asyncio.sleep(WARM_S)
    show.post(CommandKind.HURTS)
    await asyncio.sleep(0.001)
    assert show.here.still()
    assert (await show.ended()).reason is EndReason.DISCOMFORT


# -------------------------------------------------------------- pause and resume


@pytest.mark.exhaustive
async def test_a_pause_stops_the_motors_and_holds_the_place(show: Stage) -> None:
    await show.after(WARM_S, CommandKind.PAUSE)
    assert show.here.still()
    place_s = show.snapshot().elapsed_s
    await asyncio.sleep(60.0)
    assert show.snapshot().state is SessionState.PAUSED
    assert show.snapshot().elapsed_s == place_s
    assert show.here.still()


@pytest.mark.exhaustive
async def test_after_a_pause_it_starts_softly_from_0(show: Stage) -> None:
    await show.after(WARM_S, CommandKind.PAUSE)
    await show.after(5.0, CommandKind.RESUME)
    resumed_s = now_s() - 0.01
    await asyncio.sleep(WARM_S)
    assert show.strongest() > FULL / 2
    await show.after(0.0, CommandKind.STOP)
    massager = describe(known(CAPE))
    assert judge(show.here.tape(), massager, read_zones(), resumes_s=[resumed_s]) == []


@pytest.mark.exhaustive
async def test_a_pause_is_a_rest_for_every_zone(show: Stage) -> None:
    await show.after(50.0, CommandKind.PAUSE)
    await show.after(150.0, CommandKind.RESUME)  # together more than a muscle is moved for
    await asyncio.sleep(WARM_S)
    assert show.strongest() > FULL / 2


@pytest.mark.exhaustive
async def test_a_session_with_pauses_is_played_whole(show: Stage) -> None:
    for _ in range(3):
        await show.after(WARM_S, CommandKind.PAUSE)
        await show.after(3.0, CommandKind.RESUME)
    summary = await show.ended()
    assert summary.reason is EndReason.COMPLETED
    assert summary.played_s == pytest.approx(LENGTH_S)


async def test_it_resumes_only_after_the_stop_of_the_pause(show: Stage) -> None:
    await asyncio.sleep(WARM_S)
    show.here.device().hang()
    await show.after(0.0, CommandKind.PAUSE)
    await show.after(0.2, CommandKind.RESUME)
    assert show.snapshot().state is SessionState.PAUSED
    show.here.device().recover()
    await asyncio.sleep(0.1)
    assert show.snapshot().state is SessionState.PLAYING


async def test_a_pause_whose_stop_nobody_confirms_ends_it(show: Stage) -> None:
    await asyncio.sleep(WARM_S)
    show.here.device().hang()
    show.post(CommandKind.PAUSE)
    summary = await show.ended()
    assert (summary.reason, summary.detail) == (
        EndReason.FAILED,
        "reference-cape: did not confirm the stop of the pause",
    )
    assert [end.stop_confirmed for end in summary.devices] == [False]


async def test_a_pause_of_a_pause_changes_nothing(show: Stage) -> None:
    await show.after(WARM_S, CommandKind.PAUSE)
    await show.after(1.0, CommandKind.PAUSE)
    await show.after(1.0, CommandKind.RESUME)
    await show.after(1.0, CommandKind.RESUME)
    assert show.said("paused") == ["asked"]
    assert len(show.said("resumed")) == 1


# ------------------------------------------------------------ softer, discomfort


@pytest.mark.exhaustive
async def test_softer_lowers_what_is_felt(show: Stage) -> None:
    await show.after(GENTLE_S, CommandKind.SOFTER)
    await asyncio.sleep(0.1)
    assert FULL * 0.7 < show.strongest() <= FULL * 0.8
    assert show.said("softer") == ["ceiling 24%"]


@pytest.mark.exhaustive
@pytest.mark.parametrize("begun_s", [0.0, 0.2, 2.0, WARM_S])
async def test_softer_during_the_soft_start_takes_a_fifth_of_what_is_asked(
    begun_s: float, show: Stage
) -> None:
    await show.after(begun_s, CommandKind.SOFTER)
    await asyncio.sleep(GENTLE_S)
    assert show.said("softer") == ["ceiling 24%"]
    assert FULL * 0.7 < show.strongest() <= FULL * 0.8


async def test_softer_in_a_pause_starts_from_what_was_asked_before_it(show: Stage) -> None:
    await show.after(2.0, CommandKind.PAUSE)
    await show.after(60.0, CommandKind.SOFTER)
    assert show.said("softer") == ["ceiling 24%"]


@pytest.mark.exhaustive
async def test_softer_again_is_softer_still(show: Stage) -> None:
    await asyncio.sleep(WARM_S)
    felt = [show.strongest()]
    for _ in range(5):
        await show.after(0.2, CommandKind.SOFTER)
        await asyncio.sleep(0.1)
        felt.append(show.strongest())
    assert felt == sorted(set(felt), reverse=True)


@pytest.mark.exhaustive
async def test_a_chosen_ceiling_holds(tmp_path: Path) -> None:
    async with stage(tmp_path, ceiling=0.1) as show:
        await asyncio.sleep(WARM_S)
        assert show.strongest() == 10


@pytest.mark.exhaustive
async def test_discomfort_lowers_every_cap(show: Stage) -> None:
    await asyncio.sleep(WARM_S)
    before = [actuator.cap for actuator in show.snapshot().devices[0].actuators]
    await show.after(0.0, CommandKind.DISCOMFORT)
    after = [actuator.cap for actuator in show.snapshot().devices[0].actuators]
    assert all(a < b for a, b in zip(after, before, strict=True) if b)
    assert show.snapshot().state is SessionState.PLAYING


async def test_discomfort_for_the_second_time_stops(show: Stage) -> None:
    await show.after(WARM_S, CommandKind.DISCOMFORT)
    await show.after(1.0, CommandKind.DISCOMFORT)
    summary = await show.ended()
    assert (summary.reason, summary.detail) == (
        EndReason.DISCOMFORT,
        "uncomfortable for the second time",
    )
    assert show.here.still()


async def test_present_is_heard(show: Stage) -> None:
    await show.after(1.0, CommandKind.PRESENT)
    assert show.said("present") == [""]


# ------------------------------------------------------------------ a ceiling that was named


@pytest.mark.exhaustive
async def test_a_named_ceiling_holds_from_the_next_beat(show: Stage) -> None:
    await asyncio.sleep(GENTLE_S)
    show.hub.post(Command(CommandKind.CEILING, "test", level=0.1))
    await asyncio.sleep(0.2)
    assert 0 < show.strongest() <= 10
    assert show.said("lowered") == ["ceiling 10%"]


@pytest.mark.parametrize("level", [1.0, 0.5, float("nan"), -0.1, None])
async def test_a_named_ceiling_never_goes_up_and_is_a_level(
    level: float | None, show: Stage
) -> None:
    show.hub.post(Command(CommandKind.CEILING, "test", level=0.4))
    show.hub.post(Command(CommandKind.CEILING, "test", level=level))
    await asyncio.sleep(0.2)
    assert len(show.said("refused")) == 1
    assert show.snapshot().ceiling == 0.4
