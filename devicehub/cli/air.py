"""Airs: the one place that knows whether massagers are simulated."""

from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import click

from devicehub.config.proxies import Place, proxies
from devicehub.errors import RadioError, UsageError
from devicehub.radio.air import BLUETOOTH, Air

_EXTRA = ("aioesphomeapi", "bleak_esphome", "habluetooth")


@asynccontextmanager
async def open_air(
    address: str | None, file: Path | None = None, *, whatever: bool = False
) -> AsyncGenerator[Air]:
    """Yield the air behind `address` (``unix:/path`` or ``host:port``), or Bluetooth for None.

    Bluetooth is what is heard here, and through the proxies of this user.

    Args:
        address: Where a simulator is.
        file: The settings with the proxies; None for the usual ones.
        whatever: Go without proxies, and tell it, where they cannot be had: for a stop.

    Raises:
        UsageError: `address` is misspelt, or the settings are wrong.
        RadioError: Nobody answers there, or what proxies need is not installed.
    """
    if address is None:
        async with AsyncExitStack() as stack:
            try:
                air = await stack.enter_async_context(_bluetooth(proxies(file)))
            except (UsageError, RadioError) as error:
                if not whatever:
                    raise
                click.echo(f"devicehub: no proxies: {error}", err=True)
                air = BLUETOOTH
            yield air
        return
    import firmware_sim  # noqa: PLC0415 - only those who ask for a simulator load one

    async with AsyncExitStack() as stack:
        try:
            far = await stack.enter_async_context(firmware_sim.join(address))
        except ValueError as error:
            raise UsageError(f"--air: {error}") from error
        except OSError as error:
            raise RadioError(
                f"--air {error} (start one: firmware-sim run MODEL --listen {address})"
            ) from error
        yield Air(address, far.scanner, far.client, far.options, simulated=far.simulated)


@asynccontextmanager
async def _bluetooth(places: Sequence[Place]) -> AsyncGenerator[Air]:
    """Yield Bluetooth. Raises RadioError where proxies are set and their extra is missing."""
    if not places:
        yield BLUETOOTH
        return
    async with proxies_of(places, "air").proxied(places) as air:
        yield air


def proxies_of(places: Sequence[Place], module: str) -> Any:
    """Return a module of `radio.proxies`. Raises RadioError where its extra is not installed."""
    try:
        return import_module(f"devicehub.radio.proxies.{module}")
    except ModuleNotFoundError as missing:
        if missing.name not in _EXTRA:
            raise
        raise _missing(places, missing.name) from missing


def check_proxies(file: Path | None) -> None:
    """Look whether the proxies of `file` can be had, without loading anything for them.

    Raises:
        UsageError: The settings are wrong.
        RadioError: What proxies need is not installed.
    """
    if places := proxies(file):
        for name in _EXTRA:
            if find_spec(name) is None:
                raise _missing(places, name)


def _missing(places: Sequence[Place], name: str) -> RadioError:
    names = ", ".join(place.name for place in places)
    return RadioError(
        f"proxies are set ({names}) and {name} is not installed: pip install 'devicehub[proxy]'"
    )


def load_air(address: str | None, file: Path | None = None) -> None:
    """Load what `open_air` will need, so that opening it is quick; touches no radio."""
    if address is not None:
        import_module("firmware_sim.air")
        return
    with suppress(UsageError, RadioError):  # `open_air` tells it, when somebody waits for it
        if places := proxies(file):
            proxies_of(places, "air")


@asynccontextmanager
async def simulated_air(
    models: Sequence[str], tapes: Mapping[str, Path], on_failure: Callable[[OSError], None]
) -> AsyncGenerator[tuple[Air, Mapping[str, str]]]:
    """Yield an air with simulated massagers in this process, and the address of each model.

    A tape that cannot be written any more is told to `on_failure` at once, and raised at the end.
    """
    import firmware_sim  # noqa: PLC0415 - only those who ask for a simulator load one

    async with firmware_sim.simulate(models, tapes=dict(tapes), on_failure=on_failure) as near:
        air = Air(
            "the simulated air",
            near.scanner,
            near.client,
            near.options,
            simulated=True,
            cabled=True,
        )
        yield air, near.addresses
