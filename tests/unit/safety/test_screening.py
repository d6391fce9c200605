"""Screening: what is asked, and that everything but a clear answer refuses."""

import math
from itertools import permutations
from typing import Any

import pytest

from devicehub.errors import SafetyRefusal
from devicehub.safety.limits import Limits
from devicehub.safety.restrictions import UNRESTRICTED, Restrictions
from devicehub.safety.screening import judge, questions
from profiles.text import LANGUAGES

DAY_S = 86400.0

REFUSING = {
    "open_wound_bleeding_serious_injury",
    "recent_fall_rib_or_spine_pain",
    "infectious_disease_or_fever",
    "lymph_node_inflammation",
    "skin_disease_or_unknown_spots",
    "pacemaker_or_active_implant",
    "deep_vein_thrombosis_or_clotting_disorder_or_anticoagulants",
    "pregnancy",
    "cancer_or_tumour",
    "osteoporosis_or_fracture",
    "heart_disease_or_uncontrolled_hypertension",
    "recent_surgery_or_injury_48h",
    "alcohol_sedatives_or_sleepy",
    "driving_or_operating_machinery",
    "age_under_12",
    "age_under_18_alone",
    "loss_of_sensitivity_in_the_legs",
    "new_headache_dizziness_sight_or_speech",
    "unbearable_or_chest_pain",
}
SPINE = {"spine_cervical", "spine_thoracic", "spine_lumbar", "spine_sacral"}
PARASPINAL = {"paraspinal_thoracic", "paraspinal_lumbar"}
HALF_OF_ALL = Restrictions(class_factor=0.5)
RESTRICTING = {
    "osteochondrosis": Restrictions(
        zone_factor=dict.fromkeys(SPINE | {"coccyx", "neck_posterior"}, 0.5),
        forbidden=frozenset({"spine_cervical"}),
        max_total_s=900.0,
    ),
    "spine_disorder_other": Restrictions(
        zone_factor=dict.fromkeys(PARASPINAL | {"neck_posterior"}, 0.5),
        forbidden=frozenset(SPINE | {"coccyx"}),
    ),
    "reduced_sensation_neuropathy_diabetes": Restrictions(class_factor=0.5, heat=False),
    "strenuous_exercise_24h_or_anaemia": Restrictions(
        class_factor=0.5, forbidden_classes=frozenset({"percussive"})
    ),
    "age_12_to_17": HALF_OF_ALL,
}
MASKING = {"burn", "mole"}


def answers(limits: Limits, **given: str) -> dict[str, str]:
    return {question.id: "no" for question in questions(limits)} | given


def takes(restrictions: Restrictions) -> tuple[object, ...]:
    """Return everything but the reasons."""
    return (
        dict(restrictions.zone_factor),
        restrictions.class_factor,
        restrictions.forbidden,
        restrictions.forbidden_classes,
        restrictions.max_total_s,
        restrictions.heat,
    )


def test_every_condition_is_asked_about(limits: Limits) -> None:
    asked = {question.id for question in questions(limits)}
    assert asked == REFUSING | set(RESTRICTING) | MASKING


def test_a_question_is_a_question(limits: Limits) -> None:
    for question in questions(limits):
        for language in LANGUAGES:
            assert question.text.in_(language).endswith("?")
        assert question.kind == ("zones" if question.id in MASKING else "yes_no")


def test_no_to_everything_takes_nothing_away(limits: Limits) -> None:
    assert judge(limits, answers(limits), 0.0) == UNRESTRICTED


@pytest.mark.parametrize("condition", sorted(REFUSING))
def test_a_condition_that_refuses_says_so_calmly(limits: Limits, condition: str) -> None:
    with pytest.raises(SafetyRefusal, match=r"^No session .*\.$"):
        judge(limits, answers(limits, **{condition: "yes"}), 0.0)


def test_several_refusals_are_told_together(limits: Limits) -> None:
    with pytest.raises(SafetyRefusal) as caught:
        judge(limits, answers(limits, pregnancy="yes", age_under_12="yes"), 0.0)
    assert len(str(caught.value).splitlines()) == 2


@pytest.mark.parametrize("condition", sorted(RESTRICTING))
def test_a_condition_that_restricts_takes_what_the_table_says(
    limits: Limits, condition: str
) -> None:
    got = judge(limits, answers(limits, **{condition: "yes"}), 0.0)
    assert takes(got) == takes(RESTRICTING[condition])
    assert {name for names in got.reasons.values() for name in names} == {condition}
    assert set(got.reasons) - {""} == set(got.zone_factor) | got.forbidden


def test_a_condition_is_read_as_the_table_has_it(anew: Limits) -> None:
    for name, each in anew.conditions.items():
        assert (each.id, each.action in {"refuse", "restrict", "mask_zone"}) == (name, True)
        assert (each.action == "refuse") is (name in REFUSING) is bool(each.refusal)
        assert (each.action == "mask_zone") is (name in MASKING)
        assert takes(each.takes) == takes(RESTRICTING.get(name, UNRESTRICTED))
        here = each.takes.zone_factor.keys() | each.takes.forbidden
        everywhere = {""} if name in RESTRICTING and name != "spine_disorder_other" else set[str]()
        assert dict(each.takes.reasons) == dict.fromkeys(here | everywhere, (name,))


@pytest.mark.parametrize("condition", sorted(MASKING))
def test_a_place_that_is_named_is_left_out(limits: Limits, condition: str) -> None:
    got = judge(limits, answers(limits, **{condition: "gluteal, rhomboid"}), 0.0)
    assert takes(got) == takes(Restrictions(forbidden=frozenset({"gluteal", "rhomboid"})))
    assert got.reasons == {"gluteal": (condition,), "rhomboid": (condition,)}


@pytest.mark.parametrize("condition", sorted(REFUSING | set(RESTRICTING) | MASKING))
@pytest.mark.parametrize("missing", ["absent", "empty", "unanswered"])
def test_a_question_without_an_answer_refuses(limits: Limits, condition: str, missing: str) -> None:
    given = answers(limits, **{condition: {"empty": ""}.get(missing, missing)})
    if missing == "absent":
        del given[condition]
    with pytest.raises(SafetyRefusal, match=f"'{condition}' has no answer.*person screen NAME"):
        judge(limits, given, 0.0)


@pytest.mark.parametrize("word", ["maybe", "No", "YES", "true", " no", "0"])
@pytest.mark.parametrize("condition", ["pregnancy", "osteochondrosis", "mole"])
def test_a_word_that_is_no_answer_refuses(limits: Limits, condition: str, word: str) -> None:
    with pytest.raises(SafetyRefusal, match=rf"'{condition}' is '{word}': must be \"no\" or"):
        judge(limits, answers(limits, **{condition: word}), 0.0)


@pytest.mark.parametrize("word", ["yes", "elbow", "gluteal,", "gluteal;coccyx", "unknown"])
def test_a_place_that_is_none_refuses(limits: Limits, word: str) -> None:
    with pytest.raises(SafetyRefusal, match=r"must be .no. or zone ids with commas"):
        judge(limits, answers(limits, mole=word), 0.0)


@pytest.mark.parametrize("age_s", [0.0, DAY_S])
def test_answers_of_a_day_still_hold(limits: Limits, age_s: float) -> None:
    assert judge(limits, answers(limits), age_s) == UNRESTRICTED


@pytest.mark.parametrize("age_s", [math.nextafter(DAY_S, math.inf), math.inf, math.nan, -1.0])
def test_answers_of_more_than_a_day_or_of_no_age_refuse(limits: Limits, age_s: float) -> None:
    with pytest.raises(SafetyRefusal, match=r"older than 24 h.*person screen NAME"):
        judge(limits, answers(limits), age_s)


def test_of_several_conditions_the_smallest_factor_counts_and_not_the_product(
    limits: Limits,
) -> None:
    every = answers(limits, burn="gluteal", **dict.fromkeys(RESTRICTING, "yes"))
    got = judge(limits, every, 0.0)
    assert got.class_factor == 0.5
    assert set(got.zone_factor.values()) == {0.5}
    assert got.forbidden == SPINE | {"coccyx", "gluteal"}
    assert (got.forbidden_classes, got.max_total_s, got.heat) == ({"percussive"}, 900.0, False)
    assert got.reasons["coccyx"] == ("osteochondrosis", "spine_disorder_other")


def test_the_order_of_the_conditions_does_not_matter() -> None:
    some = [RESTRICTING[name] for name in sorted(RESTRICTING)[:4]]
    some[0] = Restrictions(class_factor=0.7, max_total_s=600.0)
    results: set[str] = set()
    for order in permutations(some):
        together = UNRESTRICTED
        for each in order:
            together = together.joined(each)
        results.add(repr([*takes(together)[:2], sorted(together.forbidden), takes(together)[3:]]))
        assert takes(together.joined(together)) == takes(together)
    assert len(results) == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"class_factor": math.nan},
        {"class_factor": 1.1},
        {"zone_factor": {"gluteal": -0.1}},
        {"max_total_s": 0.0},
        {"max_total_s": math.nan},
    ],
)
def test_a_restriction_that_makes_no_sense_is_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(SafetyRefusal, match="restriction: "):
        Restrictions(**wrong)  # pyright: ignore[reportArgumentType]


def test_every_place_may_be_named_and_then_nothing_is_left(limits: Limits) -> None:
    every = set(limits.zones) - {"unknown"}
    got = judge(limits, answers(limits, mole=",".join(sorted(every))), 0.0)
    assert got.forbidden == every


@pytest.mark.parametrize("factor", [-0.01, 1.01, math.nan, True, "0.5", None])
def test_a_restriction_whose_factor_is_no_part_is_refused(factor: Any) -> None:
    with pytest.raises(SafetyRefusal, match=r"factor is .*: must be from 0 to 1"):
        Restrictions(class_factor=factor)
    with pytest.raises(SafetyRefusal, match=r"factor is .*: must be from 0 to 1"):
        Restrictions(zone_factor={"gluteal": factor})


@pytest.mark.parametrize("longest_s", [0.0, -1.0, math.nan, math.inf, True, "9"])
def test_a_restriction_to_no_time_is_refused(longest_s: Any) -> None:
    with pytest.raises(SafetyRefusal, match=r"max_total_s is .*: must be above 0"):
        Restrictions(max_total_s=longest_s)


def test_a_restriction_to_a_moment_is_one() -> None:
    assert Restrictions(max_total_s=0.5).joined(UNRESTRICTED).max_total_s == 0.5


def test_where_a_zone_is_ruled_out_a_place_that_is_not_known_is_as_well() -> None:
    assert Restrictions(forbidden=frozenset({"gluteal"}), class_factor=0.5).strictest == 0.0
    assert Restrictions(class_factor=0.5, zone_factor={"coccyx": 0.4}).strictest == 0.4
