"""Phrases: the keys of all that is said, and how long saying it takes at most, in any language.

The lengths are what the schedule counts on. A test holds every language against them, at fourteen
letters a second: a calm voice of about 150 words a minute.
"""

LETTERS_A_SECOND = 14.0
# The key of an author's cue that nothing goes before.
CUE_FIRST = "cue.first"

SAY_S: dict[str, float] = {
    # where, and when
    "count": 0.8,
    "first": 5.0,
    "next": 5.0,
    "zone": 3.5,
    "next.up": 1.4,
    "next.down": 1.4,
    "next.out": 1.9,
    "next.in": 1.9,
    "side.soon": 2.0,
    "side": 2.2,
    "circle": 2.0,
    "circle.short": 2.0,
    "end": 3.0,
    # how
    "stroking.sides": 6.2,
    "stroking.back": 6.5,
    "rubbing": 6.2,
    "kneading": 5.2,
    "press": 0.9,
    "hold.still": 0.9,
    "press.again": 1.4,
    "release": 0.9,
    "pinching": 6.0,
    "rolling": 6.8,
    "vibration": 6.2,
    "keep": 1.5,
    "tapping": 5.8,
    "hold": 5.2,
    "envelope": 4.0,
    "rest": 2.6,
    "pause": 1.8,
    "care": 4.8,
    "lighter": 2.0,
    # with something in the hand
    "roller.stroking.sides": 6.8,
    "roller.stroking.back": 6.8,
    "roller.rubbing": 5.0,
    "roller.kneading": 5.0,
    "roller.rolling": 6.2,
    "roller.vibration": 4.0,
    "roller.keep": 2.2,
    "roller.hold": 4.4,
    "roller.pause": 0.8,
    "roller.care": 5.4,
    "handheld.stroking.sides": 7.0,
    "handheld.stroking.back": 7.4,
    "handheld.rubbing": 6.0,
    "handheld.kneading": 5.8,
    "handheld.pinching": 5.0,
    "handheld.rolling": 6.6,
    "handheld.vibration": 4.2,
    "handheld.keep": 2.2,
    "handheld.tapping": 5.0,
    "handheld.hold": 4.2,
    "handheld.press.again": 1.4,
    "handheld.release": 1.4,
    "handheld.rest": 3.0,
    "handheld.pause": 0.8,
    "move": 6.0,
    # leaned on
    "pillow.up": 6.8,
    "pillow.in": 6.8,
    "pillow.up.lowest": 7.0,
    "pillow.in.lowest": 7.0,
    "pillow.pause": 0.8,
    "pillow.care": 5.2,
    "pillow.rest": 3.6,
    "not.with.this": 4.2,
    # by oneself
    "exercise.first": 3.0,
    "exercise.next": 3.0,
    "exercise.round": 1.6,
    "exercise.end": 3.4,
}


def say_s(key: str, text: str = "") -> float:
    """Return the seconds that a phrase takes at most; those of the author's `text` by its length.

    A cue in another language may be half as long again as its English.
    """
    return 1.0 + 1.5 * len(text) / LETTERS_A_SECOND if text else SAY_S[key]
