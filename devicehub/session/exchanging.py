"""Exchanging: another profile at the same position of a session that plays.

For authors, who listen to what they write: it is refused where a person lies under the massagers.
Everything is decided before anything is changed, and changed between two beats; one score goes over
into the other as one phase does into the next. What the motors do goes on through the same
governor, whose rises, edges and reservations know nothing of scores; only the two gentle ends of a
session are told that its length is another one.
"""

from dataclasses import dataclass
from math import sqrt

from devicehub.errors import SafetyRefusal
from devicehub.session.account import Account
from devicehub.session.assembling import refuse
from devicehub.session.plan import Plan
from devicehub.session.session import Session
from profiles.phantom import ease
from profiles.score import Demand, Passage, Score

# As long as a phase takes to go over into the next, on both sides of the border together.
CROSS_S = 2.0


@dataclass(frozen=True, slots=True)
class Crossing:
    """A score that begins as another one, at `from_s`, and is itself soon after.

    Their energies, levels squared, sum up, as at the border of two phases.
    """

    before: Score
    after: Score
    from_s: float

    @property
    def title(self) -> str:
        """The new profile's title."""
        return self.after.title

    @property
    def duration_s(self) -> float:
        """Length of the new one in seconds."""
        return self.after.duration_s

    @property
    def passages(self) -> tuple[Passage, ...]:
        """The phases of the new one."""
        return self.after.passages

    @property
    def warnings(self) -> tuple[str, ...]:
        """What this layout cannot do of the new one."""
        return self.after.warnings

    def at(self, t_s: float) -> Demand:
        """Return what is asked at `t_s` seconds."""
        after = self.after.at(t_s)
        share = ease((t_s - self.from_s) / CROSS_S)
        if share >= 1.0:
            return after
        pairs = zip(self.before.at(t_s).levels, after.levels, strict=True)
        mixed = (sqrt((1.0 - share) * old * old + share * new * new) for old, new in pairs)
        return Demand(tuple(min(1.0, level) for level in mixed), after.passage)


def exchange(session: Session, plan: Plan, account: Account) -> None:
    """Let `session` go on with the profile of `plan`, where it is.

    Raises:
        SafetyRefusal: A person lies under it, or the profile may not be played; nothing changes.
        UsageError: Nothing of it could be felt here; nothing changes.
    """
    if account.vouched:
        raise SafetyRefusal(f"{account.person}: a profile is exchanged under the mannequin only")
    limits = account.limits
    plan.check(limits)
    placed = plan.place_all({deck.name: deck.port.massager for deck in session.decks}, limits)
    scores = [plan.score(placed[deck.name], limits) for deck in session.decks]
    duration_s = max(score.duration_s for score in scores)
    classes = frozenset(deck.massager.stimulus_class for deck in session.decks)
    refuse(plan, account, classes, duration_s)
    position_s = session.player.position_s
    befores = [_settled(deck.score, position_s) for deck in session.decks]
    pairs = zip(befores, scores, strict=True)
    session.exchange([Crossing(before, score, position_s) for before, score in pairs])
    for deck in session.decks:
        for warning in deck.score.warnings:
            session.event("warning", deck.name, warning)


def _settled(score: Score, position_s: float) -> Score:
    """Return a score without what it has crossed over from, so that it does not grow for ever."""
    if isinstance(score, Crossing) and position_s >= score.from_s + CROSS_S:
        return score.after
    return score
