"""What a stop test plays: the lowest step of a massager, and no other."""

import asyncio
import json
from dataclasses import replace
from pathlib import Path

import pytest

from devicehub.cli import playing
from devicehub.cli.accounts import bench_account, firsts_of
from devicehub.cli.drill import STILL as NEVER_MOVED
from devicehub.cli.drill import request_for, watching, write_profile
from devicehub.errors import SafetyRefusal
from devicehub.ledger import clock
from devicehub.ledger.ledger import Ledger
from devicehub.massagers.library import load_library
from devicehub.safety.limits import load
from devicehub.safety.past import Exposure
from devicehub.safety.screening import questions

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


def test_a_drill_says_when_the_massager_never_moves_and_ends(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    model = "reference-cape"
    profile = write_profile(tmp_path, model)
    request = request_for(str(profile), f"sim:{model}", LIBRARY[model], None, None)
    held_back = replace(request, ceiling=0.001, virtual=True)  # below the lowest step
    plan = held_back.checked_plan()
    playing.run(held_back, plan, lambda _request, _zone: watching(1, model))
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [row for row in rows if row["event"] == "still"] == [
        {"event": "still", "detail": NEVER_MOVED}
    ]
    assert (rows[-1]["event"], rows[-1]["reason"]) == ("end", "stopped")


def test_a_bench_is_no_first_session_of_whoever_answers_for_it_and_books_them_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    with Ledger.open() as ledger:
        ledger.add("Bob")
        ledger.screen("Bob", {question.id: "no" for question in questions(LIMITS)}, clock.now())

    async def bench() -> tuple[int, bool]:
        async with bench_account("Bob") as account:
            await account.begin()
            await account.reserve(Exposure(), Exposure(active_s=60.0))
            await account.completed(600.0, 60.0)
            return account.first_left, account.vouched

    assert asyncio.run(bench()) == (0, True)
    with Ledger.open() as ledger:
        past = ledger.past("Bob", clock.now())
    assert (past.sessions, past.exposure, firsts_of("Bob").left()) == (0, Exposure(), 3)


def test_nobody_who_has_not_answered_answers_for_a_bench(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    with Ledger.open() as ledger:
        ledger.add("Bob")

    async def bench() -> None:
        async with bench_account("Bob"):
            pass

    with pytest.raises(SafetyRefusal, match="the questions are not answered"):
        asyncio.run(bench())
