"""A real person under a massager: asked first, remembered after, whoever is killed meanwhile."""

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from devicehub.ledger import clock
from devicehub.ledger.folder import LEDGER_NAME
from devicehub.ledger.ledger import Ledger
from devicehub.safety.limits import load
from devicehub.safety.screening import questions
from tests.integration.processes import ADVERTISED, VEST, Home, home, until
from tests.tapes import instants

pytestmark = pytest.mark.wallclock

WHO = "Alex"
PLAY = ("play", "taster", "--device", ADVERTISED[VEST], "--person", WHO)


@pytest.fixture(scope="module")
def air() -> Iterator[Home]:
    with home() as here, here.simulator(VEST):
        yield here


def answered(here: Home) -> str:
    path = here.folder / "answers.toml"
    path.write_text("".join(f'{question.id} = "no"\n' for question in questions(load())))
    return str(path)


def moved_s(here: Home) -> float:
    """Return for how long anything moved on the vest, by its own clock."""
    seen = ((t, any(levels.values())) for t, levels in instants(here.tape(VEST)))
    return sum(later - t for (t, moves), (later, _) in pairwise(seen) if moves)


def test_somebody_unknown_is_not_played_on(air: Home) -> None:
    refused = air.ask(*PLAY, "--air", air.air)
    assert refused.returncode == 4
    assert "devicehub person add" in refused.stderr


def test_nobody_at_all_is_not_played_on_by_a_real_massager(air: Home) -> None:
    refused = air.ask(*PLAY[:4])
    assert refused.returncode == 4
    assert "--person NAME" in refused.stderr


def test_a_person_is_asked_and_what_they_received_outlives_a_killed_hub(air: Home) -> None:
    assert air.ask("person", "add", WHO).returncode == 0
    unanswered = air.ask(*PLAY, "--air", air.air)
    assert (unanswered.returncode, air.moving(VEST)) == (4, False)
    assert f"devicehub person screen {WHO}" in unanswered.stderr

    assert air.ask("person", "screen", WHO, "--answers", answered(air)).returncode == 0
    with air.playing([VEST], "--person", WHO) as play:
        another = air.ask(*PLAY, "--air", air.air)
        assert another.returncode == 4
        assert "another session" in another.stderr
        play.hub.kill()
        until(lambda: not air.moving(VEST), "the vest still moves")

    path = Path(air.places["XDG_STATE_HOME"]) / "devicehub" / "ledger" / LEDGER_NAME
    with Ledger.open(path) as ledger:
        past = ledger.past(WHO, clock.now())
    assert past.sessions == 1
    assert past.exposure.active_s >= moved_s(air) > 0.0

    again = air.ask(*PLAY, "--air", air.air)
    assert again.returncode == 4
    assert again.stderr
