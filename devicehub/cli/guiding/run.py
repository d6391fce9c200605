"""Running a guide: what was asked for, checked; then a session, its observers, an exit code.

Nothing is driven, so there is no radio, no keeper and nothing to write down. What remains of the
limits: no forbidden zone, half an hour at most, and what the person's answers rule out.
"""

import asyncio
from dataclasses import dataclass

from devicehub.cli import named, wrapping
from devicehub.cli.accounts import glanced_at
from devicehub.cli.guiding.lines import FOR_ANOTHER, told_lines
from devicehub.cli.guiding.panel import Scene
from devicehub.cli.guiding.telling import Manner, told
from devicehub.cli.speech import check_voice
from devicehub.cli.terminal import ascii_only
from devicehub.errors import SafetyRefusal
from devicehub.i18n.words import Words
from devicehub.safety.limits import Limits, load_user
from devicehub.safety.restrictions import UNRESTRICTED, Restrictions
from devicehub.session.plan import Plan
from profiles.guiding import TOOLS, Care, Guide, Tool, guide
from profiles.model import Profile

GUIDE = "guide"
# Hands go where the spine may be stroked very lightly, and stay beside it (profiles.guiding).
_LIGHTLY = ("guarded", "strict")


@dataclass(frozen=True, slots=True)
class GuideRequest:
    """What is to be told, and how."""

    profile: str
    tool: str
    minutes: float | None
    person: str | None
    manner: Manner

    def checked(self) -> Guide:
        """Return the guide.

        Raises:
            ProfileError, UsageError: Something is wrong with what was asked for.
            SafetyRefusal: It may not be played, by nobody or not for this person.
        """
        self.manner.check()
        limits = load_user()
        profile = named.profile(self.profile)
        Plan(profile, minutes=self.minutes).check(limits)
        answers = UNRESTRICTED if self.person is None else _answers(self.person)
        tool = TOOLS[self.tool]
        found = guide(profile, tool=tool, care=care_of(limits, tool, answers), minutes=self.minutes)
        _refuse(profile, found, limits, answers, self.person)
        return found

    def scene(self) -> Scene:
        """Return the guide with what does not change while it is told. Raises as `checked`."""
        suits, words = named.profile(self.profile).suits, Words.of(self.manner.language)
        to_hands = set(suits) == {FOR_ANOTHER}
        return Scene(self.checked(), self.tool, words, ascii_only(), to_hands=to_hands)


def care_of(limits: Limits, tool: Tool, answers: Restrictions = UNRESTRICTED) -> Care:
    """Return where a tool takes care: never where a row of the table, or an answer, is at 0."""
    zones = [limits.zone(zone) for zone in limits.zones]
    never = {zone.id for zone in zones if zone.forbidden} | answers.forbidden
    if tool.stimulus_class is not None:
        never |= {z.id for z in zones if z.caps[tool.stimulus_class].max_intensity == 0.0}
    lightly = {zone.id for zone in zones if zone.tier in _LIGHTLY}
    lightly |= {zone for zone, factor in answers.zone_factor.items() if factor < 1.0}
    return Care(frozenset(never), frozenset(lightly))


def show(request: GuideRequest) -> str:
    """Return everything that would be told, one line each."""
    scene = request.scene()
    lines = [f"warning: {warning}" for warning in scene.guide.warnings]
    return "\n".join([*lines, *told_lines(scene)])


def run(request: GuideRequest, *, prepared: bool = False) -> int:
    """Tell the guide and return the exit code; `prepared`: nobody has to be asked whether it is."""
    scene = request.scene()
    words = scene.words
    for warning in scene.guide.warnings:
        wrapping.say(warning, "warning: ", err=True)
    if request.person is None:
        wrapping.say(words.word("before"), err=True)
    if not request.manner.on_screen:
        return told(scene, request.manner)
    from devicehub.cli import preparing  # noqa: PLC0415 - for a terminal only

    profile = named.profile(request.profile)
    if request.manner.speak:
        check_voice()
    preparing.tick_off(profile, words, done=prepared, tool=request.tool)
    code = told(scene, request.manner)
    preparing.show_after(profile, words, request.tool)
    return code


def _answers(person: str) -> Restrictions:
    """Return what the answers of a person take away.

    Raises:
        SafetyRefusal: They are unknown, have not answered, or should not be massaged now.
    """
    account = asyncio.run(glanced_at(person))
    if reasons := account.refusals(frozenset()):
        raise SafetyRefusal("\n".join(reasons))
    return account.restrictions


def _refuse(
    profile: Profile, found: Guide, limits: Limits, answers: Restrictions, person: str | None
) -> None:
    """Refuse what is too long, and what the answers forbid. Raises SafetyRefusal."""
    played_s = found.duration_s - found.lead_s
    longest_s = min(limits.session.max_total_s, answers.max_total_s or limits.session.max_total_s)
    if played_s > longest_s + 1e-6:
        raise SafetyRefusal(
            f"{person or profile.title}: {played_s / 60:.0f} min is too long; at most "
            f"{longest_s / 60:.0f} min: --minutes {longest_s / 60:.0f}"
        )
    refused = sorted(answers.forbidden.intersection(profile.zones))
    if refused:
        raise SafetyRefusal(f"{person}: the answers rule out {', '.join(refused)}")
