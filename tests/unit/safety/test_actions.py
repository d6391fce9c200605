"""What follows when a rule binds, and that every rule has a row that says so."""

from typing import Any

import pytest

from devicehub.safety import actions
from devicehub.safety.actions import RESPONSES, Action, Clears
from devicehub.safety.governor import ROLL_CALL
from devicehub.safety.limits import Limits
from tests.unit.safety.bench import TICK_S, Bench, mount

FAULTS = {"finite", "clock", "rollcall"}


def test_every_rule_and_every_fault_has_a_row() -> None:
    assert set(RESPONSES) == ROLL_CALL | FAULTS | {"severe"}


def test_the_actions_are_in_order() -> None:
    names = ["NONE", "WARN", "REDUCE", "PAUSE", "STOP", "DISCONNECT", "LOCK"]
    assert [action.name for action in sorted(Action)] == names


def test_every_rule_that_ends_a_session_says_why(limits: Limits) -> None:
    inside: Any = Bench(limits, mount("gluteal")).governor
    endings = {rule.id for rule in inside._ends}
    assert endings == {rule for rule, row in RESPONSES.items() if row.over}


def test_a_row_has_a_sentence_and_a_way_out() -> None:
    for row in RESPONSES.values():
        assert row.text
        assert row.binds > Action.NONE
        assert (row.clears is Clears.NEVER) is (row.binds is Action.DISCONNECT)


def test_while_all_is_well_there_is_nothing_to_do(limits: Limits) -> None:
    bench = Bench(limits, mount("gluteal"))
    assert bench.governor.verdict == actions.NOTHING
    bench.hold(0.1, 10.0)
    assert bench.governor.verdict == actions.NOTHING


def test_what_holds_back_reduces(limits: Limits) -> None:
    bench = Bench(limits, mount("gluteal"))
    bench.hold(1.0, 10.0)
    verdict = bench.governor.verdict
    assert (verdict.action, verdict.rule) == (Action.REDUCE, "zone")
    bench.tick(0.1)
    assert bench.governor.verdict == actions.NOTHING


def test_the_worst_counts(limits: Limits) -> None:
    bench = Bench(limits, mount("gluteal", "spine_lumbar"))
    bench.hold(1.0, 10.0)
    bench.governor.grant(0.0)
    bench.tick(1.0)
    assert bench.governor.verdict.action is Action.PAUSE
    bench.judge([[float("nan"), 0.0]], TICK_S)
    verdict = bench.governor.verdict
    assert (verdict.action, verdict.rule) == (Action.DISCONNECT, "finite")


def test_a_verdict_names_its_rule_with_the_sentence_of_its_row() -> None:
    verdict = actions.worst({"zone", "reserved"}, asks=False)
    assert (verdict.rule, verdict.text) == ("reserved", RESPONSES["reserved"].text)


def test_of_rules_that_are_as_bad_the_first_by_name_is_told_at_every_tick() -> None:
    for rules in ({"zone", "edge", None}, {"edge", None, "zone"}):
        assert actions.worst(rules, asks=False).rule == "edge"
    assert actions.worst({"active", "session"}, asks=True).rule == "active"


def test_a_question_gives_way_to_whatever_is_worse() -> None:
    assert actions.worst(set(), asks=True) == actions.ASKED
    assert actions.worst({"zone"}, asks=True).rule == "zone"


def test_a_session_that_is_over_says_by_which_rule_and_why() -> None:
    for rule, row in RESPONSES.items():
        assert actions.ended(rule) == actions.Verdict(Action.STOP, rule, row.over)


def test_a_fault_is_never_cleared(limits: Limits) -> None:
    bench = Bench(limits, mount("gluteal"))
    bench.governor.sent(bench.tick(0.0), float("nan"))
    bench.hold(0.1, 5.0)
    assert bench.governor.verdict.rule == "clock"


def test_a_rule_that_nobody_listed_stops() -> None:
    assert actions.worst({None, "zone", "new"}, asks=False).action is Action.STOP


@pytest.mark.parametrize("missing", sorted(ROLL_CALL))
def test_whatever_rule_disappears_it_is_a_fault(limits: Limits, missing: str) -> None:
    bench = Bench(limits, mount("gluteal"))
    inside: Any = bench.governor
    inside._rules = tuple(rule for rule in inside._rules if rule.id != missing)
    inside._caps.ran = tuple(name for name in inside._caps.ran if name != missing)
    assert bench.hold(1.0, 1.0).steps == (0,)
    verdict = bench.governor.verdict
    assert (verdict.action, verdict.rule) == (Action.DISCONNECT, "rollcall")
