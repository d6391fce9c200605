"""What a refusal says of pairing."""

import pytest

from devicehub.radio.bonding import Bond

HINT = "Hold its power button for 5 s."


@pytest.mark.parametrize(
    "said",
    [
        "a write failed: GATT Protocol Error: Insufficient Authentication",
        "[org.bluez.Error.Failed] Operation failed with ATT error: 0x0f",
        "[org.bluez.Error.NotPermitted] Not paired",
        "CBATTErrorDomain Code=15 Encryption is insufficient.",
        "Could not write: Access Denied",
    ],
)
def test_a_refusal_for_lack_of_a_bond_brings_the_hint(said: str) -> None:
    bond = Bond(HINT)
    assert not bond.advice
    assert bond.advice_on(OSError(said)) == f". {HINT}"
    assert bond.advice == f" {HINT}"


def test_another_failure_brings_no_hint() -> None:
    bond = Bond(HINT)
    assert not bond.advice_on(OSError("a write was not answered within 0.5 s"))
    assert not bond.advice


def test_where_no_hint_is_known_nothing_is_added() -> None:
    bond = Bond(None)
    assert not bond.advice_on(OSError("Insufficient Encryption"))
