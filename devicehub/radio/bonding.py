"""Bonding: what a massager's refusals say of it, and what a person can do.

Some massagers answer nobody that the system has not paired with. Each system says so in words of
its own; the ones here are those of bleak's backends (BlueZ, WinRT, CoreBluetooth).
"""

import re

_REFUSED = re.compile(
    r"insufficient (authentication|authorization|encryption)"
    r"|(authentication|authorization|encryption) is insufficient"
    r"|0x0(5|8|c|f)\b|not ?permitted|not paired|access denied",
    re.IGNORECASE,
)


class Bond:
    """Knows whether one massager has refused for lack of a bond."""

    def __init__(self, hint: str | None) -> None:
        """Make it; `hint` is what a person does, a sentence, or None where nothing is known."""
        self._hint = hint
        self._refused = False

    @property
    def advice(self) -> str:
        """What to add to an error: a space and the hint once it has refused; else nothing."""
        return f" {self._hint}" if self._refused and self._hint else ""

    def advice_on(self, error: BaseException) -> str:
        """Take note of an error and return what to add to its message."""
        self._refused = self._refused or _REFUSED.search(str(error)) is not None
        return f".{self.advice}" if self.advice else ""
