"""What `devices new` and the process of its bursts say to each other: a line of JSON at a time.

The process says a token of its own first, and only an order that brings it back is obeyed: a line
that was written before it was asked for moves nothing.
"""

import hmac
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

LONGEST_ORDER = 4096
"""Bytes of an order at most: it goes through a pipe in one piece."""
ORDER_TIMEOUT_S = 10.0
"""An order that comes later is not obeyed: the answer that led to it may be an old one."""
BEAT_S = 0.25
"""How often the process says how far it is."""

# As Bluetooth has them, and as macOS has them. A name is none: anybody can be called so, and a stop
# that is kept under it is found by nobody.
_HEX = "[0-9A-Fa-f]"
_ADDRESS = rf"^({_HEX}{{2}}(:{_HEX}{{2}}){{5}}|{_HEX}{{8}}(-{_HEX}{{4}}){{3}}-{_HEX}{{12}})$"


class Order(BaseModel):
    """One burst: which motor of which model of one's own, where it is, and how strong.

    Attributes:
        token: What the process said first.
        model: Name of the model.
        where: Its address.
        motor: From 0.
        level: In device steps, from 1.
        air: A simulator's address; None for Bluetooth.
    """

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    token: str
    model: str
    where: Annotated[str, Field(pattern=_ADDRESS)]
    motor: Annotated[int, Field(ge=0)]
    level: Annotated[int, Field(ge=1)]
    air: str | None


def taken(line: bytes, token: str) -> Order | None:
    """Return the order in `line`, or None where it is none that brings back `token`."""
    if not line.endswith(b"\n"):
        return None
    try:
        order = Order.model_validate_json(line)
    except ValidationError:
        return None
    return order if hmac.compare_digest(order.token.encode(), token.encode()) else None
