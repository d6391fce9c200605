"""What a stop test plays: the lowest step of a massager, and no other."""

from pathlib import Path

import pytest

from devicehub.cli.drill import request_for, write_profile
from devicehub.errors import SafetyRefusal
from devicehub.massagers.library import load_library
from devicehub.safety.limits import load

LIBRARY = load_library()
LIMITS = load()
STILL = ("foreo-luna", "foreo-ufo")  # for the face, where nothing may move
REFUSED = sorted(model for model, massager in LIBRARY.items() if massager.refused)


@pytest.mark.parametrize("model", STILL)
def test_there_is_no_drill_of_what_may_never_move(model: str, tmp_path: Path) -> None:
    with pytest.raises(SafetyRefusal, match=f"{model}: none of its motors may move anywhere"):
        write_profile(tmp_path, model)


@pytest.mark.parametrize("model", sorted(set(LIBRARY) - set(REFUSED)))
def test_a_drill_asks_for_the_lowest_step_and_may_have_no_other(model: str, tmp_path: Path) -> None:
    profile = write_profile(tmp_path, model)
    plan = request_for(str(profile), f"sim:{model}", LIBRARY[model], None, None).checked_plan()
    placed = plan.place(LIBRARY[model], LIMITS)
    asked = plan.score(placed, LIMITS).at(10.0).levels
    assert max(round(u * of) for u, of in zip(asked, placed.steps, strict=True)) == 1
    assert {int(plan.ceiling * of) for of in placed.steps} == {1}
