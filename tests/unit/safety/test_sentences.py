"""What a person reads when something is refused, word for word: what it is, and what would do."""

import json
from collections.abc import Callable
from importlib import resources
from typing import Any

import pytest

from devicehub.errors import SafetyRefusal
from devicehub.safety.admission import refusals
from devicehub.safety.caps import Caps
from devicehub.safety.governor import GovernedActuator, Governor
from devicehub.safety.limits import Limits, parse
from devicehub.safety.past import NOTHING_YET
from devicehub.safety.restrictions import Restrictions
from devicehub.safety.screening import judge, questions
from devicehub.safety.strict import Table
from tests.unit.safety.bench import mount

CLASSES = "surface_vibration, handheld_vibration, percussive, rotating_nodes, diffuse_vibration"
CAPS = (
    "max_intensity, max_continuous_s, min_rest_s, max_session_s, max_daily_s, max_rise_per_s, "
    "max_pattern_hz, max_freq_hz"
)
RULED_OUT = Restrictions(
    forbidden_classes=frozenset({"percussive"}), reasons={"": ("anaemia", "other")}
)

SENTENCES: dict[str, tuple[Callable[[Limits], object], str]] = {
    "side": (
        lambda _: GovernedActuator((), 1, side="both"),
        "actuator: side is 'both': must be one of left, right, middle, unknown",
    ),
    "control": (
        lambda _: GovernedActuator((), 1, control="off"),
        "actuator: control is 'off': must be one of levels, on_off, program",
    ),
    "device": (
        lambda limits: Governor(limits, [mount(""), mount("", device="pad")]).caps("wand"),
        "device is 'wand': must be one of cape, pad",
    ),
    "class": (
        lambda limits: limits.caps("gluteal", "hammer"),
        f"class is 'hammer': must be one of {CLASSES}",
    ),
    "class ruled out": (
        lambda limits: Caps(
            limits, [mount("gluteal", stimulus_class="percussive")], 1.0, RULED_OUT
        ),
        "cape: class percussive is ruled out by your answers: anaemia, other",
    ),
    "several refusals": (
        lambda limits: judge(limits, answers(limits, "pregnancy", "age_under_12"), 0.0),
        (
            "No session during a pregnancy. Please ask a professional first.\n"
            "No session for children younger than 12."
        ),
    ),
    "one of": (
        lambda _: Table({"x": "c"}, "f").text("x", one_of=("a", "b")),
        "f: x is 'c': must be one of a, b",
    ),
    "out of": (
        lambda _: Table({"x": ["a", "c"]}, "f").texts("x", of=("a", "b")),
        "f: x is 'c': must be a list out of a, b",
    ),
    "sections of a user": (
        lambda limits: limits.tightened("timing = 1", "own.toml"),
        "own.toml: timing is not for you to set: only zones, session, daily, heat",
    ),
    "all mistakes of a user": (
        lambda limits: limits.tightened("timing = 1\nheat = 1", "own.toml"),
        (
            "own.toml: timing is not for you to set: only zones, session, daily, heat\n"
            "own.toml: heat is 1: must be a table"
        ),
    ),
    "keys of a section": (
        lambda limits: limits.tightened("daily.x = 1", "own.toml"),
        "own.toml: daily.x is 1: must be one of the keys max_active_s",
    ),
    "keys of two": (
        lambda limits: limits.tightened("session.x = 1", "own.toml"),
        "own.toml: session.x is 1: must be one of the keys max_total_s, max_active_s",
    ),
    "keys of a class": (
        lambda limits: limits.tightened("session.max_active_s.x = 1", "own.toml"),
        (
            "own.toml: session.max_active_s.x is 1: must be one of the keys surface_vibration, "
            "handheld_vibration, percussive, rotating_nodes, diffuse_vibration"
        ),
    ),
    "keys of a zone": (
        lambda limits: limits.tightened("zones.gluteal.x = 1", "own.toml"),
        f"own.toml: zones.gluteal.x is 1: must be one of the keys {CAPS}, {CLASSES}",
    ),
    "keys of a class in a zone": (
        lambda limits: limits.tightened("zones.gluteal.percussive.x = 1", "own.toml"),
        f"own.toml: zones.gluteal.percussive.x is 1: must be one of the keys {CAPS}",
    ),
    "nothing may move": (
        lambda limits: limits.tightened("zones.axilla.max_intensity = 0", "own.toml"),
        "own.toml: zones.axilla.max_intensity is 0: must be left out: nothing may move there",
    ),
    "less than it is": (
        lambda limits: limits.tightened("zones.gluteal.min_rest_s = 1", "own.toml"),
        "own.toml: zones.gluteal.min_rest_s is 1: must be finite and at least 30",
    ),
    "more than it is": (
        lambda limits: limits.tightened("zones.gluteal.percussive.max_session_s = 999", "own.toml"),
        "own.toml: zones.gluteal.percussive.max_session_s is 999: must be above 0 and at most 120",
    ),
    "endless": (
        lambda limits: limits.tightened("zones.gluteal.percussive.max_freq_hz = inf", "own.toml"),
        "own.toml: zones.gluteal.percussive.max_freq_hz is inf: must be above 0 and at most 40",
    ),
    "condition of no class": (
        lambda _: parse(condition(forbid_class=["hammer"]), "z"),
        f"z: conditions[18].forbid_class is ['hammer']: must be a list out of {CLASSES}",
    ),
    "condition of no zone": (
        lambda _: parse(condition(forbid=["elbow"]), "z"),
        "z: conditions[18].forbid is ['elbow']: must be a list of zones, 'elbow' matches none",
    ),
    "factor of no zone": (
        lambda _: parse(condition(zone_factor={"elbow": 0.5}), "z"),
        (
            "z: conditions[18].zone_factor.elbow is 0.5: "
            "must be under the name of a zone, or a pattern that matches one"
        ),
    ),
    "condition of no effect": (
        lambda _: parse(condition(class_factor=None, forbid_class=None), "z"),
        (
            "z: conditions[18]: strenuous_exercise_24h_or_anaemia takes nothing away: "
            "name one of its effects"
        ),
    ),
    "condition misspelt": (
        lambda _: parse(condition(forbids=[]), "z"),
        (
            "z: conditions[18].forbids is []: must be one of the keys id, action, question, "
            "question_ru, source, zone_factor, class_factor, forbid, forbid_class, heat, "
            "max_total_s"
        ),
    ),
    "condition that warms": (
        lambda _: parse(condition(heat="allow"), "z"),
        "z: conditions[18].heat is 'allow': must be one of forbid",
    ),
    "condition of no action": (
        lambda _: parse(condition(action="warn"), "z"),
        "z: conditions[18].action is 'warn': must be one of refuse, restrict, mask_zone",
    ),
    "condition twice": (
        lambda _: parse(twice(), "z"),
        "z: conditions[8].id is 'mole': must be a condition that does not appear twice",
    ),
    "never of no class": (
        lambda _: parse(changed("device_rules", "no_intensity_control", "never"), "z"),
        f"z: device_rules.no_intensity_control.never is 'hammer': must be a list out of {CLASSES}",
    ),
    "hand of no class": (
        lambda _: parse(changed("daily", "hand_arm", "classes"), "z"),
        f"z: daily.hand_arm.classes is 'hammer': must be a list out of {CLASSES}",
    ),
    "body of no class": (
        lambda _: parse(changed("daily", "whole_body", "classes"), "z"),
        f"z: daily.whole_body.classes is 'hammer': must be a list out of {CLASSES}",
    ),
}


def table() -> dict[str, Any]:
    file = resources.files("devicehub.safety").joinpath("zones.json")
    read: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return read


def condition(**changes: Any) -> str:
    """Return the table with a condition changed; None takes a key of it out."""
    written = table()
    (row,) = [row for row in written["conditions"] if row["id"].startswith("strenuous")]
    row.update(changes)
    for key in [key for key, value in changes.items() if value is None]:
        del row[key]
    return json.dumps(written)


def twice() -> str:
    """Return the table with a condition that appears twice."""
    written = table()
    return json.dumps({**written, "conditions": [*written["conditions"], written["conditions"][8]]})


def changed(section: str, below: str, key: str) -> str:
    """Return the table with a list of classes that nobody knows."""
    written = table()
    written[section][below][key] = ["hammer"]
    return json.dumps(written)


def answers(limits: Limits, *yes: str) -> dict[str, str]:
    return {question.id: "yes" if question.id in yes else "no" for question in questions(limits)}


@pytest.mark.parametrize("what", SENTENCES)
def test_a_refusal_is_said_in_these_words(limits: Limits, what: str) -> None:
    act, sentence = SENTENCES[what]
    with pytest.raises(SafetyRefusal) as caught:
        act(limits)
    assert str(caught.value) == sentence


def test_a_class_that_is_ruled_out_is_named_with_all_reasons(limits: Limits) -> None:
    (text,) = refusals(limits, NOTHING_YET, RULED_OUT, {"percussive"})
    assert text == (
        "Your answers rule out a massager of the class percussive (anaemia, other); "
        "take another one."
    )


def test_a_zone_that_does_not_exist_is_told_with_all_that_do(limits: Limits) -> None:
    with pytest.raises(SafetyRefusal) as caught:
        limits.tightened("zones.x.max_intensity = 0", "own.toml")
    every = ", ".join(limits.zones)
    assert str(caught.value) == f"own.toml: zones.x: no such zone; must be a zone: {every}"
