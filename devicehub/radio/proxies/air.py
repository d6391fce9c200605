"""The air over proxies: one more air, with this computer's own adapter in it."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

from bleak.backends.adapter import BaseBleakAdapter, get_platform_adapter_backend_type

from devicehub.config.proxies import Place
from devicehub.radio.air import BLUETOOTH, Air
from devicehub.radio.proxies.proxies import Proxies, client_of
from devicehub.radio.proxies.scanner import ProxiedScanner
from devicehub.radio.trouble import ERRORS


@dataclass
class _Share:
    """Proxies that are open, and how many use them."""

    proxies: Proxies
    users: int = 0


# A proxy serves one connection at a time, so all of this process share one.
_shared: dict[tuple[Place, ...], _Share] = {}


@asynccontextmanager
async def proxied(places: Sequence[Place]) -> AsyncGenerator[Air]:
    """Yield Bluetooth as it is heard here and through proxies; waits for none of them."""
    key = tuple(places)
    share = _shared.get(key) or _shared.setdefault(key, _Share(Proxies(key)))
    share.users += 1
    try:
        if share.users == 1:
            share.proxies.open()
        yield _air(share.proxies)
    finally:
        share.users -= 1
        if not share.users:
            del _shared[key]
            await share.proxies.close()


def _air(proxies: Proxies) -> Air:
    return Air(
        BLUETOOTH.name,
        ProxiedScanner,
        client_of,
        {"proxies": proxies},
        adapter=_adapter(),
        only_heard=True,
        via=proxies.via,
        notes=proxies.notes,
    )


def _adapter() -> type[BaseBleakAdapter] | None:
    """Return what knows the links that this system holds; None where there is nothing such."""
    try:
        return get_platform_adapter_backend_type()[0]
    except ERRORS:
        return None
