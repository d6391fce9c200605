"""docs/safety.md says the numbers that are enforced."""

import re
from pathlib import Path

from devicehub.safety.actions import RESPONSES
from devicehub.safety.conditions import Condition
from devicehub.safety.governor import ROLL_CALL
from devicehub.safety.limits import Limits

PAGE = Path(__file__).parents[3] / "docs" / "safety.md"


def rows() -> list[list[str]]:
    lines = PAGE.read_text(encoding="utf-8").splitlines()
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if "|" in line]


def test_the_page_has_the_table_of_zones(limits: Limits) -> None:
    told = {row[0].strip("`"): row[1:] for row in rows() if len(row) == 9}
    for zone in limits.zones.values():
        surface = zone.caps["surface_vibration"]
        caps = [zone.caps[name].max_intensity for name in limits.classes]
        numbers = [f"{n:g}" for n in (*caps, surface.max_rise_per_s, surface.max_pattern_hz)]
        assert told[zone.id] == [zone.tier, *numbers]


def test_the_page_has_the_seconds_of_every_zone(limits: Limits) -> None:
    told = {
        name.strip("` "): row[1:] for row in rows() if len(row) == 6 for name in row[0].split(",")
    }
    for zone in limits.zones.values():
        caps = [zone.caps[name] for name in limits.classes]
        seconds = [
            f"{c.max_continuous_s:g} / {c.min_rest_s:g} / {c.max_session_s:g} / {c.max_daily_s:g}"
            if c.max_intensity
            else "none"
            for c in caps
        ]
        if not zone.forbidden:
            assert told["muscle" if zone.tier == "muscle" else zone.id] == seconds


def test_the_page_has_the_seconds_of_a_day_of_every_zone(limits: Limits) -> None:
    told = {
        name.strip("` "): row[1] for row in rows() if len(row) == 2 for name in row[0].split(",")
    }
    for zone in limits.zones.values():
        caps = [zone.caps[name] for name in limits.classes]
        days = " / ".join(f"{c.max_daily_s:g}" if c.max_intensity else "none" for c in caps)
        if not zone.forbidden:
            assert told["muscle" if zone.tier == "muscle" else zone.id] == days


def test_the_page_explains_every_rule() -> None:
    told = {name.strip("` ") for row in rows() if len(row) == 4 for name in row[0].split(",")}
    assert told >= ROLL_CALL | {"finite", "clock", "rollcall"}


def test_the_page_says_what_follows_from_every_rule_and_until_when() -> None:
    told = {row[0].strip("`"): row[1:] for row in rows() if len(row) == 4}
    # Rules stand in two tables of four columns; the later one, by name, is that of what follows.
    for rule, response in RESPONSES.items():
        action, text, until = told[rule]
        assert (action, until) == (response.binds.name.lower(), response.clears)
        assert set(text.split("; then: ")) == {response.text, response.over or response.text}


def effect(condition: Condition) -> str:
    """Return what a "yes" means, as the page says it."""
    if condition.action != "restrict":
        masked = "nothing in the zones that you name"
        return "no session" if condition.action == "refuse" else masked
    takes, told = condition.takes, list[str]()
    for factor in sorted(set(takes.zone_factor.values())):
        zones = [f"`{z}`" for z in sorted(takes.zone_factor) if takes.zone_factor[z] == factor]
        told.append(f"x {factor:g} in {', '.join(zones)}")
    if takes.forbidden:
        told.append(f"nothing in {', '.join(f'`{z}`' for z in sorted(takes.forbidden))}")
    if takes.class_factor < 1.0:
        told.append(f"x {takes.class_factor:g} everywhere")
    if takes.forbidden_classes:
        told.append(f"no {', '.join(f'`{c}`' for c in sorted(takes.forbidden_classes))}")
    if takes.max_total_s is not None:
        told.append(f"{takes.max_total_s / 60.0:g} min at most")
    return "; ".join([*told, *([] if takes.heat else ["no heat"])])


def test_the_page_has_every_question_in_order_and_what_it_means(limits: Limits) -> None:
    asked = [(c.question, effect(c)) for c in limits.conditions.values()]
    told = [(row[0], row[1]) for row in rows() if len(row) == 2 and row[0].endswith("?")]
    assert told == asked


def test_the_page_has_the_times_between_sessions(limits: Limits) -> None:
    rules, page = limits.admission, PAGE.read_text(encoding="utf-8")
    told = dict(row for row in rows() if len(row) == 2)
    assert (rules.gap_per_active, rules.max_sessions) == (2.0, 3)
    assert told["a session"].endswith(f", {rules.gap_at_most_s / 60:g} min at most")
    assert "three sessions within 24 h" in told
    assert f"{limits.daily.max_active_s / 60:g} min of motion within 24 h" in told
    assert f"after {rules.gap_after_mild_s / 60:g} min" in told.values()
    assert told['"it hurts"'].startswith(f"after {rules.gap_after_severe_s / 60:g} min, ")
    assert (rules.severe_reports_that_lock, rules.lock_s) == (2, 86400.0)
    assert f"again after {limits.screening_max_age_s / 3600:g} h" in page


def test_the_example_of_a_table_of_your_own_is_one(limits: Limits) -> None:
    (example,) = re.findall(r"```toml\n(.+?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert limits.tightened(example, "docs/safety.md").session.max_total_s == 900.0
