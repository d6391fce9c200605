"""The one error of this package."""


class ProfileError(Exception):
    """A profile, or what was asked of it, is wrong.

    The text has at most two lines for each mistake: where, what stands there, what would be right.
    """
