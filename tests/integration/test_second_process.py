"""The whole way over three processes, in real time: hub, keeper, and the massager in its own."""

import pytest

from tests.integration.processes import ADVERTISED, CAPE, home
from tests.oracle import judge
from tests.session_runs import ZONES, profile_file, shown

pytestmark = [pytest.mark.wallclock, pytest.mark.thorough]

PLAYABLE = [zone for zone, facts in ZONES.items() if not facts["forbidden"] and zone != "unknown"]
SPINE_MOTORS = {1, 4, 7, 10}
LONG_ENOUGH_S = 12  # the spine rises by 0.03 a second and may go to 0.2


def test_a_hostile_profile_meets_every_cap_and_is_still_felt() -> None:
    phase = {"technique": "vibration", "zones": PLAYABLE, "seconds": LONG_ENOUGH_S, "level": 1.0}
    with home() as here, here.simulator(CAPE):
        profile = str(profile_file(here.folder, phase))
        done = here.run("play", profile, "--device", ADVERTISED[CAPE], "--air", here.air)
        tape = here.tape(CAPE)
        assert here.standing() == []
    assert (done.returncode, done.stderr) == (0, "")
    assert judge(tape, shown(CAPE), ZONES) == []
    highest = [max(m.level for m in tape.moves if m.actuator == motor) for motor in range(12)]
    assert all(0 < highest[motor] <= 20 for motor in SPINE_MOTORS)
    assert all(highest[motor] > 30 for motor in set(range(12)) - SPINE_MOTORS)
