"""Airs: the one place that knows whether massagers are simulated."""

from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from importlib import import_module
from pathlib import Path

from devicehub.errors import RadioError, UsageError
from devicehub.radio.air import BLUETOOTH, Air


@asynccontextmanager
async def open_air(address: str | None) -> AsyncGenerator[Air]:
    """Yield the air behind `address` (``unix:/path`` or ``host:port``), or Bluetooth for None.

    Raises:
        UsageError: `address` is misspelt.
        RadioError: Nobody answers there.
    """
    if address is None:
        yield BLUETOOTH
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


def load_air(address: str | None) -> None:
    """Load what `open_air` will need, so that opening it is quick; touches no radio."""
    if address is not None:
        import_module("firmware_sim.air")


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
