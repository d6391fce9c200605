"""Conditions: how the table is read, and what the caps make of the answers."""

import math
from collections.abc import Callable
from typing import Any

import pytest

from devicehub.errors import SafetyRefusal
from devicehub.safety.caps import Caps
from devicehub.safety.governor import Governor
from devicehub.safety.limits import Limits, LimitsError, parse
from devicehub.safety.mount import Mount
from devicehub.safety.restrictions import UNRESTRICTED, Restrictions
from devicehub.safety.screening import judge, questions
from tests.every import every
from tests.unit.safety.bench import Bench, mount
from tests.unit.safety.test_limits import changed


def condition(table: dict[str, Any], name: str) -> dict[str, Any]:
    return next(entry for entry in table["conditions"] if entry["id"] == name)


def change(name: str, **values: object) -> Callable[[dict[str, Any]], object]:
    return lambda table: condition(table, name).update(values)


def drop(name: str, *keys: str) -> Callable[[dict[str, Any]], object]:
    return lambda table: [condition(table, name).pop(key) for key in keys]


MISTAKES: dict[str, tuple[Callable[[dict[str, Any]], object], str]] = {
    "no age": (lambda t: t["screening"].pop("max_age_s"), "screening.max_age_s is missing"),
    "age 0": (lambda t: t["screening"].update(max_age_s=0), "max_age_s is 0: must be above 0"),
    "no list": (lambda t: t.pop("conditions"), "conditions is missing"),
    "no question": (drop("mole", "question"), r"conditions\[8\]\.question is missing"),
    "no Russian": (drop("mole", "question_ru"), r"conditions\[8\]\.question_ru is missing"),
    "no Russian refusal": (drop("pregnancy", "refusal_ru"), "refusal_ru is missing"),
    "no source": (drop("mole", "source"), r"conditions\[8\]\.source is missing"),
    "no refusal": (drop("pregnancy", "refusal"), "refusal is missing"),
    "refusal too much": (change("mole", refusal="No."), "must be one of the keys"),
    "effect of a refusal": (change("pregnancy", class_factor=0.5), "must be one of the keys"),
    "misspelt effect": (change("age_12_to_17", clas_factor=0.5), "must be one of the keys"),
    "unknown action": (change("mole", action="warn"), "must be one of refuse, restrict"),
    "no effect": (drop("age_12_to_17", "class_factor"), "age_12_to_17 takes nothing away"),
    "factor 0": (change("age_12_to_17", class_factor=0), "class_factor is 0: must be above 0"),
    "factor above 1": (change("age_12_to_17", class_factor=1.5), "from 0 to 1"),
    "zone factor above 1": (change("osteochondrosis", zone_factor={"coccyx": 2}), "from 0 to 1"),
    "pattern of no zone": (
        change("osteochondrosis", zone_factor={"elbow_*": 0.5}),
        r"zone_factor\.elbow_\* is 0.5: must be under the name of a zone",
    ),
    "forbidden nowhere": (
        change("osteochondrosis", forbid=["spine_cervical", "elbow"]),
        "a list of zones, 'elbow' matches none",
    ),
    "class unknown": (
        change("strenuous_exercise_24h_or_anaemia", forbid_class=["hammer"]),
        r"forbid_class is \['hammer'\]: must be a list out of surface_vibration",
    ),
    "heat allowed": (
        change("reduced_sensation_neuropathy_diabetes", heat="allow"),
        "heat is 'allow': must be one of forbid",
    ),
    "no time": (change("osteochondrosis", max_total_s=0), "max_total_s is 0: must be above 0"),
    "twice": (
        lambda t: t["conditions"].append(t["conditions"][8]),
        r"conditions\[8\]\.id is 'mole': must be a condition that does not appear twice",
    ),
}


@every(MISTAKES)
def test_a_mistake_in_the_conditions_is_named_with_its_place(mistake: str) -> None:
    wrong, message = MISTAKES[mistake]
    with pytest.raises(LimitsError, match=message) as caught:
        parse(changed(wrong), "zones.json")
    assert str(caught.value).startswith("zones.json: ")


def test_of_two_patterns_for_one_zone_the_smaller_factor_counts() -> None:
    factors = {"spine_*": 0.5, "spine_lumbar": 0.3, "*_lumbar": 0.4}
    table = parse(changed(change("osteochondrosis", zone_factor=factors)), "x.json")
    got = table.conditions["osteochondrosis"].takes.zone_factor
    assert (got["spine_lumbar"], got["paraspinal_lumbar"], got["spine_sacral"]) == (0.3, 0.4, 0.5)


def caps(limits: Limits, restrictions: Restrictions, *mounts: Mount, ceiling: float = 1.0) -> Caps:
    return Caps(limits, mounts, ceiling, restrictions)


def all_restrictions(limits: Limits) -> list[Restrictions]:
    """Return each condition for itself, all together, and a mole and a burn in every zone."""
    no = {question.id: "no" for question in questions(limits)}
    ask = {q: "yes" for q, each in limits.conditions.items() if each.action == "restrict"}
    given = [no | {name: "yes"} for name in ask]
    given += [no | {"mole": zone} for zone in limits.zones if zone != "unknown"]
    return [UNRESTRICTED, *(judge(limits, one, 0.0) for one in [*given, no | ask])]


@pytest.mark.exhaustive
def test_a_cap_is_never_above_any_single_term(limits: Limits) -> None:
    for restrictions in all_restrictions(limits):
        for name in sorted(set(limits.classes) - restrictions.forbidden_classes):
            places = [*limits.zones, "elbow"]
            on = mount(*places, stimulus_class=name, rating=0.35)
            for ceiling, reported in ((1.0, False), (0.2, False), (1.0, True)):
                got = caps(limits, restrictions, on, ceiling=ceiling)
                if reported:
                    got.discomfort.report()
                    got.compose()
                for zone, level in zip(places, got.levels, strict=True):
                    own = limits.caps(zone, name).max_intensity
                    known = "unknown" if zone == "elbow" else zone
                    parts = [restrictions.class_factor, restrictions.zone_factor.get(known, 1.0)]
                    parts += [0.0] if known in restrictions.forbidden else []
                    parts += [limits.mild_discomfort_factor] if reported else []
                    most = min(own, 0.35, ceiling)
                    if known != "unknown":
                        assert level == most * min(parts)
                    elif restrictions.forbidden:
                        assert level == 0.0
                    assert level <= min([most * part for part in parts])


def test_an_unknown_place_takes_no_more_than_any_place_that_is_not_forbidden(
    limits: Limits,
) -> None:
    for restrictions in all_restrictions(limits):
        for name in sorted(set(limits.classes) - restrictions.forbidden_classes):
            zones = [zone.id for zone in limits.zones.values() if not zone.forbidden]
            got = caps(limits, restrictions, mount(*zones, "elbow", stimulus_class=name)).levels
            assert got[-1] <= min(got)


def test_a_wide_motor_takes_the_smallest_factor_and_nothing_where_one_zone_is_ruled_out(
    limits: Limits,
) -> None:
    answers = Restrictions(zone_factor={"rhomboid": 0.5}, forbidden=frozenset({"gluteal"}))
    on = mount(("rhomboid", "latissimus"), ("latissimus",), ("latissimus", "gluteal"))
    got = caps(limits, answers, on)
    assert got.levels == [0.3, 0.6, 0.0]
    assert got.bound_by == ["conditions", "zone", "conditions"]


def test_conditions_and_discomfort_do_not_multiply(limits: Limits) -> None:
    got = caps(limits, Restrictions(class_factor=0.5), mount("gluteal"))
    got.discomfort.report()
    got.compose()
    assert (got.levels, got.bound_by) == ([0.35], ["conditions"])
    got = caps(limits, Restrictions(class_factor=0.9), mount("gluteal"))
    got.discomfort.report()
    got.compose()
    assert (got.levels, got.bound_by) == ([0.7 * 0.6], ["discomfort"])


def test_a_class_that_the_answers_rule_out_is_refused(limits: Limits) -> None:
    answers = Restrictions(
        forbidden_classes=frozenset({"percussive"}), reasons={"": ("strenuous_exercise",)}
    )
    gun = mount("gluteal", device="gun", stimulus_class="percussive")
    with pytest.raises(SafetyRefusal, match=r"gun: class percussive is ruled out.*strenuous"):
        Governor(limits, [mount("gluteal"), gun], restrictions=answers)
    Governor(limits, [mount("gluteal")], restrictions=answers)


def test_a_level_just_below_a_restricted_cap_passes_and_one_just_above_is_held(
    limits: Limits,
) -> None:
    bench = Bench(limits, mount("gluteal"), restrictions=Restrictions(class_factor=0.5))
    assert bench.hold(0.349, 20.0).steps == (349,)
    assert bench.tick(0.349).bound_by == (None,)
    frame = bench.tick(0.351)
    assert (frame.steps, frame.bound_by) == ((350,), ("conditions",))
    assert "conditions" in frame.rules


def together(bench: Bench, tau: float, n: int) -> float:
    """Return what the motors of a bench do together in a zone, when all are asked for all."""
    steps = bench.hold(1.0, 40.0).steps
    return math.sqrt(sum((tau * step / 1000) ** 2 for step in steps[:n]))


@pytest.mark.exhaustive
def test_a_zone_with_half_its_caps_has_half_its_joint_cap(limits: Limits) -> None:
    beside = mount(*["paraspinal_lumbar"] * 8)
    whole = together(Bench(limits, beside), 0.4, 8)
    halved = Restrictions(zone_factor={"spine_lumbar": 0.5})
    assert whole == pytest.approx(0.4, abs=0.003)
    assert together(Bench(limits, beside, restrictions=halved), 0.4, 8) == pytest.approx(
        0.2, abs=0.003
    )


@pytest.mark.exhaustive
def test_a_zone_that_is_ruled_out_takes_as_little_from_beside_as_one_without_a_cap(
    limits: Limits,
) -> None:
    beside = mount(*["paraspinal_lumbar"] * 8)
    answers = Restrictions(forbidden=frozenset({"spine_lumbar"}))
    got = together(Bench(limits, beside, restrictions=answers), 0.4, 8)
    assert got == pytest.approx(limits.joint_cap_floor["guarded"], abs=0.003)


@pytest.mark.exhaustive
def test_a_joint_cap_that_only_discomfort_can_pass_is_watched(limits: Limits) -> None:
    # Motors at half their caps stay under the whole joint cap, but not under what is left of it.
    beside = mount(*["paraspinal_lumbar"] * 10)
    answers = Restrictions(zone_factor={"paraspinal_lumbar": 0.6})
    bench = Bench(limits, beside, restrictions=answers)
    assert together(bench, 0.4, 10) == pytest.approx(0.4 * 0.3 * math.sqrt(10), abs=0.003)
    bench.governor.mild_discomfort()
    assert together(bench, 0.4, 10) <= 0.4 * 0.6


def test_a_shorter_session_ends_sooner_and_says_so(limits: Limits) -> None:
    bench = Bench(limits, mount("gluteal"), restrictions=Restrictions(max_total_s=60.0))
    assert bench.hold(0.3, 59.9).steps == (300,)
    frame = bench.hold(0.3, 0.2)
    assert (frame.steps, frame.bound_by) == ((0,), ("session",))
    assert bench.governor.over == "session"


def test_every_class_may_be_ruled_out() -> None:
    every = ["surface_vibration", "handheld_vibration", "percussive"]
    every += ["rotating_nodes", "diffuse_vibration"]
    text = changed(change("strenuous_exercise_24h_or_anaemia", forbid_class=every))
    takes = parse(text, "x.json").conditions["strenuous_exercise_24h_or_anaemia"].takes
    assert takes.forbidden_classes == frozenset(every)


def test_a_class_is_refused_also_where_nobody_said_why(limits: Limits) -> None:
    answers = Restrictions(forbidden_classes=frozenset({"percussive"}))
    with pytest.raises(SafetyRefusal, match="gun: class percussive is ruled out"):
        caps(limits, answers, mount("gluteal", device="gun", stimulus_class="percussive"))


@pytest.mark.exhaustive
def test_a_class_that_may_not_move_there_takes_nothing_from_the_budget(limits: Limits) -> None:
    beside = mount(*["paraspinal_lumbar"] * 8)
    gun = mount("spine_lumbar", device="gun", stimulus_class="percussive")
    assert together(Bench(limits, beside, gun), 0.4, 8) == pytest.approx(0.4, abs=0.003)


def test_of_two_caps_that_are_equal_the_place_is_named(limits: Limits) -> None:
    assert caps(limits, UNRESTRICTED, mount("gluteal"), ceiling=0.7).bound_by == ["zone"]
    assert caps(limits, Restrictions(class_factor=0.6), mount("gluteal")).bound_by == ["conditions"]


@pytest.mark.parametrize(
    "effect",
    [
        {"class_factor": 0.5},
        {"forbid_class": ["percussive"]},
        {"heat": "forbid"},
        {"max_total_s": 60},
    ],
)
def test_what_a_condition_takes_everywhere_is_its_doing(effect: dict[str, Any]) -> None:
    def only(table: dict[str, Any]) -> None:
        row = condition(table, "age_12_to_17")
        del row["class_factor"]
        row.update(effect)

    takes = parse(changed(only), "x.json").conditions["age_12_to_17"].takes
    assert dict(takes.reasons) == {"": ("age_12_to_17",)}
    assert takes != Restrictions(reasons=takes.reasons)


def test_what_a_condition_takes_of_one_place_is_its_doing_there_alone() -> None:
    def only(table: dict[str, Any]) -> None:
        row = condition(table, "age_12_to_17")
        del row["class_factor"]
        row.update(zone_factor={"gluteal": 0.5}, forbid=["rhomboid"])

    takes = parse(changed(only), "x.json").conditions["age_12_to_17"].takes
    assert dict(takes.reasons) == dict.fromkeys(["gluteal", "rhomboid"], ("age_12_to_17",))
