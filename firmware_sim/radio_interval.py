"""The connection interval that a chip takes, whatever the host prefers, as many chips do."""

from bumble import hci

_UNIT_S = 1.25e-3  # Core Specification Vol 4 Part E 7.8.12

Wish = hci.HCI_LE_Create_Connection_Command | hci.HCI_LE_Extended_Create_Connection_Command


def take_interval(wish: Wish | None, interval_s: float | None) -> None:
    """Have the connection that the host wishes for made at `interval_s`; None leaves its choice."""
    if interval_s is None:
        return
    units = round(interval_s / _UNIT_S)
    if isinstance(wish, hci.HCI_LE_Create_Connection_Command):
        wish.connection_interval_min = units
    elif wish is not None:
        wish.connection_interval_mins = [units] * len(wish.connection_interval_mins)
