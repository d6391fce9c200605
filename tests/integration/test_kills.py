"""One kill of each kind, with vest, wand and cape in one session: everything comes to rest.

How soon, `make safety` measures with `kills`, twenty times each on a machine that does nothing else
meanwhile; here six tests may run at once.
"""

from collections.abc import Iterator

import pytest

from tests.integration.kill_moments import KillCell, struck
from tests.integration.kills import BOTH_KILLED, HUB_HUNG, HUB_KILLED, Bench, Case, bench, seen
from tests.patience import PATIENCE_S

pytestmark = [pytest.mark.wallclock, pytest.mark.thorough]

SLOWEST_INTERVAL_MS = 50.0


@pytest.fixture(scope="module")
def here() -> Iterator[Bench]:
    with bench(SLOWEST_INTERVAL_MS) as three:
        yield three


@pytest.mark.parametrize(
    "case", [HUB_KILLED, HUB_HUNG, BOTH_KILLED], ids=lambda case: case.name.replace(" ", "_")
)
def test_every_motor_comes_to_rest(case: Case, here: Bench) -> None:
    took_s = seen(lambda: here.strike(case, watched_s=PATIENCE_S))
    assert sorted(took_s) == sorted(here.reels)  # the others by `devicehub stop`
    assert max(took_s.values()) < PATIENCE_S
    assert here.home.standing() == []


def test_a_massager_left_running_is_stopped_by_a_hub_that_is_killed_while_it_connects(
    here: Bench,
) -> None:
    _, flaws = struck(KillCell("hub killed (SIGKILL)", "connecting"), here, PATIENCE_S)
    assert flaws == []
