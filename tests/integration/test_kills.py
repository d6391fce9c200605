"""One kill of each kind, with vest, wand and cape in one session; `kills` does it twenty times.

But for the keeper alone: a new one has to start within its bound, which a machine that runs six
tests at once may not manage. `kills` has it, and `test_keeper_deaths` shows that it is rescued.
"""

from collections.abc import Iterator

import pytest

from tests.integration.kill_moments import KillCell, struck
from tests.integration.kills import BOTH_KILLED, HUB_HUNG, HUB_KILLED, Bench, Case, bench

pytestmark = [pytest.mark.wallclock, pytest.mark.thorough]

SLOWEST_INTERVAL_MS = 50.0


@pytest.fixture(scope="module")
def here() -> Iterator[Bench]:
    with bench(SLOWEST_INTERVAL_MS) as three:
        yield three


@pytest.mark.parametrize(
    "case", [HUB_KILLED, HUB_HUNG, BOTH_KILLED], ids=lambda case: case.name.replace(" ", "_")
)
def test_every_motor_rests_within_the_bound(case: Case, here: Bench) -> None:
    took_s = here.strike(case)
    assert sorted(took_s) == sorted(here.reels)  # the others by `devicehub stop`
    assert max(took_s[model] for model in case.models) <= case.bound_s
    assert here.home.standing() == []


def test_a_massager_left_running_is_stopped_by_a_hub_that_is_killed_while_it_connects(
    here: Bench,
) -> None:
    _, flaws = struck(KillCell("hub killed (SIGKILL)", "connecting"), here)
    assert flaws == []
