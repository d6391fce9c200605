"""One session of `play` as a hub: no names outside, stops before there is a hub, refusals."""

import asyncio
from pathlib import Path

from devicehub.messages import DeviceEnd, EndReason, Event, SessionState, Summary
from devicehub.outside import Happening, Identity, Moved, Pause, Resume, Severity
from devicehub.publish.solo import Piece, Solo
from tests.unit.radio.bench import WAND
from tests.unit.session.stage import stage

NAME, ADDRESS, ID = "Alex's cape", "C0:00:00:00:00:01", "massager-0a1b2c"

IDENTITY = Identity("hub-1", "0badcafe", 0.0, "0")
PIECE = Piece("session-1", "taster", 90.0, 1.0)


def solo() -> tuple[Solo, list[Happening]]:
    made = Solo(IDENTITY, PIECE, {NAME: ID}, lambda: 1.0)
    heard: list[Happening] = []
    made.listen(heard.append)
    return made, heard


def test_no_name_and_no_address_gets_out() -> None:
    made, heard = solo()
    made.hear(Event(0.0, "connecting", NAME))
    made.hear(Event(0.0, "warning", NAME, f"{NAME}: {ADDRESS} does not answer"))
    end = DeviceEnd(NAME, "reference-cape", stop_confirmed=False, stop_ms=None, advice="Pull it.")
    made.ended(Summary(EndReason.LOST, f"{NAME} is gone", "Taster", 1.0, (), (), (end,)))
    said = f"{heard} {made.sessions()} {made.cards()} {made.alerts()}"
    assert NAME not in said
    assert ADDRESS not in said
    assert [each.event.name for each in heard[2:]] == ["stop_unconfirmed", "session_ended"]
    assert heard[1].event.detail == f"{ID}: its address does not answer"


def test_events_are_numbered_without_gaps_and_can_be_had_again() -> None:
    made, heard = solo()
    for name in ("connecting", "lost", "discomfort"):
        made.hear(Event(0.0, name, NAME))
    assert [each.seq for each in heard] == [1, 2, 3]
    assert list(made.since(1)) == heard[1:]
    assert [each.severity for each in heard] == [
        Severity.INFO,
        Severity.CRITICAL,
        Severity.WARNING,
    ]


def test_a_massager_that_may_be_running_is_an_alert_until_it_is_stopped() -> None:
    made, _ = solo()
    made.hear(Event(0.0, "rescuing", NAME, "Pull the plug."))
    assert [(alert.kind, alert.device) for alert in made.alerts()] == [("may_be_running", ID)]
    made.hear(Event(0.0, "rescued", NAME))
    assert made.alerts() == ()


async def test_nothing_is_asked_of_what_does_not_play() -> None:
    made, _ = solo()
    assert (await made.ask(Pause(None), "test")).code == "not_playing"
    made.stop(None, "test")


async def test_what_waits_to_be_moved_is_not_resumed_but_moved(tmp_path: Path) -> None:
    async with stage(tmp_path, (WAND,), guided=True) as show:
        await asyncio.sleep(1.0)
        made = Solo(IDENTITY, PIECE, {WAND: ID}, lambda: 1.0)
        made.plays(show.hub)
        refused = await made.ask(Resume(ID), "test")
        assert (refused.code, refused.detail) == (
            "refused",
            f"first move {ID} to beside the lumbar spine, then say so: devicehub tell moved",
        )
        assert (await made.ask(Moved(ID), "test")).ok
        await asyncio.sleep(3.0)
        assert show.snapshot().state is SessionState.PLAYING
        assert (await made.ask(Moved(ID), "test")).code == "refused"
