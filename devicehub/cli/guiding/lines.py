"""Lines: what is said, and when, as text; a run and a dry run print the same."""

from devicehub.cli import text
from devicehub.cli.guiding.panel import Scene
from profiles.guiding import Instruction, Kind

# With these, somebody works on somebody else.
FOR_ANOTHER = "hands"


def spoken_line(told: Instruction, at_s: float, scene: Scene) -> str:
    """Return the line of what is said `at_s` seconds into the guide.

    What an author says is meant for the person who lies or sits: whoever works with their hands
    passes it on, and is told so. A voice (`--speak`) is heard by both and needs no such word, and
    what was written for hands alone is said to them already.
    """
    words = scene.words.say(told.phrase)
    if told.kind is Kind.CUE and scene.tool == FOR_ANOTHER and not scene.to_hands:
        words = f"{scene.words.word('say')}: {words}"
    return f"{text.clock(at_s):>6}  {words}"


def told_lines(scene: Scene) -> list[str]:
    """Return the lines of everything that is said, in order."""
    told = scene.guide.instructions
    return [spoken_line(each, each.t_s, scene) for each in told if each.spoken]
