"""What to do by hand stands on the panel until nobody has to do it."""

import io
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from devicehub.cli import panelled
from devicehub.cli.observers import observer_for
from devicehub.cli.output import Output
from devicehub.cli.panelled import Panelled
from devicehub.cli.request import Request
from devicehub.messages import DeviceEnd, Event, SessionState, Snapshot, Summary
from tests.unit.cli.sample import snapshot, summary

NAME, DO = "sim:reference-cape", "Unplug it. It does not stop when it loses the link."


class Canvas:
    """A panel that remembers what was said on it."""

    def __init__(self) -> None:
        self.said = ""

    def update(self, now: Snapshot, said: str = "") -> None:
        assert now.devices
        self.said = said

    def close(self) -> None:
        """Nothing to give back."""


class Seen(Output):
    """An output that is written at once."""

    def __init__(self) -> None:
        super().__init__(io.StringIO())
        self.text = ""

    def say(self, words: Callable[[], str]) -> None:
        self.text += words()

    def show(self, picture: Callable[[], str]) -> None:
        picture()


Watched = tuple[Panelled, Canvas, Seen]


@pytest.fixture
def watched(monkeypatch: pytest.MonkeyPatch) -> Iterator[Watched]:
    monkeypatch.setattr(panelled, "_SAID_S", 0.0)  # every answer has had its seconds
    with Seen() as seen:
        canvas = Canvas()
        watcher = Panelled(seen, canvas, io.StringIO(), 1.0)
        watcher.event(Event(1.0, "lost", NAME, DO))
        watcher.event(Event(1.0, "rescuing", NAME, DO))
        yield watcher, canvas, seen


def test_what_to_do_stays_until_it_is_confirmed(watched: Watched) -> None:
    watcher, canvas, _ = watched
    lost = snapshot(link="lost", state=SessionState.STOPPING)
    watcher.look(lost)
    assert canvas.said == DO
    watcher.look(replace(lost, devices=(replace(lost.devices[0], may_be_running=False),)))
    assert canvas.said == ""
    watcher.event(Event(2.0, "rescued", NAME, "it confirmed stop"))
    watcher.look(lost)
    assert canvas.said == ""


@pytest.mark.parametrize("confirmed", [True, False])
def test_after_the_end_it_stands_once(confirmed: bool, watched: Watched) -> None:
    watcher, _, seen = watched
    end = DeviceEnd(NAME, "reference-cape", confirmed, None, "" if confirmed else "Unplug it.")
    ended: Summary = replace(summary(), devices=(end,))
    watcher.summary(ended)
    assert seen.text.count("Unplug it.") == 1


REQUEST = Request("taster", (NAME,), (), None, 1.0, None, None, False, None, None, False)


def test_what_to_do_by_hand_is_told_once_in_plain_lines(capsys: pytest.CaptureFixture[str]) -> None:
    with observer_for(REQUEST, None) as lines:
        lines.event(Event(1.0, "lost", NAME, DO))
        lines.event(Event(1.1, "rescuing", NAME, DO))
    lost, rescuing = capsys.readouterr().out.splitlines()
    assert DO in lost
    assert DO not in rescuing
    assert NAME in rescuing


@pytest.mark.parametrize(
    ("device", "air", "person", "known"),
    [
        (NAME, None, None, True),
        ("DH-CAPE", "unix:air", None, True),  # it has to prove it
        ("DH-CAPE", "unix:air", "Bob", False),
        ("DH-CAPE", None, "Bob", False),
    ],
)
def test_nothing_real_moves_where_that_is_known(
    device: str, air: str | None, person: str | None, known: bool
) -> None:
    asked = replace(REQUEST, devices=(device,), address=air, person=person)
    assert asked.nothing_real is known
