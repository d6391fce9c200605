"""A session with a handheld, told like a guide: the score is the clock."""

import io
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace

import pytest

from devicehub.cli.guiding.cued import Cued
from devicehub.cli.output import Output
from devicehub.hub import Hub
from devicehub.i18n.words import Words
from devicehub.massagers.library import load_library
from devicehub.messages import DeviceView, Event, PlaceAsked, Snapshot, Summary
from devicehub.safety.limits import load
from devicehub.session.plan import Plan
from profiles import catalogue, loader
from profiles.text import Language
from tests.unit.cli.sample import snapshot

DESK = loader.load(catalogue.path("desk-break"))
WAND = DeviceView("wand", "lovense-domi", "connected", True, None, ())


class Watcher:
    """Keeps the cues that it was shown."""

    look_every_s = 0.1

    def __init__(self, output: Output) -> None:
        self.output = output
        self.cues: list[str] = []

    def event(self, event: Event) -> None: ...

    def look(self, snapshot: Snapshot) -> None:
        self.cues.append(snapshot.cue)

    def keys(self, hub: Hub) -> AbstractContextManager[object]:
        del hub
        return nullcontext()

    def summary(self, summary: Summary) -> None: ...


def told(
    *moments: tuple[float, tuple[str, ...]], language: Language = "en", device: DeviceView = WAND
) -> tuple[list[str], list[str]]:
    """Return the cues that are shown and what is said, at (elapsed seconds, zones to move to)."""
    said: list[str] = []
    with Output(io.StringIO()) as output:
        watcher = Watcher(output)
        plan = Plan(DESK, guided=True)
        words = Words.of(language)
        cued = Cued(watcher, plan, load_library(), load(), words, said.append)
        for elapsed_s, zones in moments:
            asked = (PlaceAsked("wand", zones),) if zones else ()
            now = replace(snapshot(), elapsed_s=elapsed_s, places=asked, devices=(device,))
            cued.look(now)
    return watcher.cues, said


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "Move the massager to: rhomboids. Then press n."),
        ("ru", "Переставьте массажёр: ромбовидные мышцы. Затем нажмите n."),
    ],
)
def test_where_it_has_to_go_is_shown_and_said_once(language: Language, words: str) -> None:
    cues, said = told((0.0, ("rhomboid",)), (0.0, ("rhomboid",)), language=language)
    assert cues == [words, words]
    assert said == [words]


def test_how_it_is_done_is_said_when_the_score_is_there() -> None:
    cues, said = told((0.05, ()), (0.15, ()), (60.0, ()))
    assert cues[0] == cues[1]
    assert cues[0].startswith("Glide the massager up beside the spine")
    assert cues[2] == "Change to the left side."
    assert said[:2] == [
        cues[0],
        "Both feet on the floor, hands in your lap. Let the shoulders drop.",
    ]
    assert said[-2:] == ["Soon the left side.", "Change to the left side."]


def test_what_comes_next_is_counted_in_before_it_has_to_be_moved() -> None:
    _, said = told((0.05, ()), *((t_s / 10.0, ()) for t_s in range(1100, 1200)))
    assert said[-4:] == ["Next: kneading. Rhomboids.", "Three.", "Two.", "One."]


def test_a_massager_with_places_of_its_own_keeps_the_profiles_cues() -> None:
    cape = replace(WAND, name="cape", model="reference-cape")
    cues, said = told((5.0, ()), device=cape)
    assert cues == [snapshot().cue]
    assert said == []
