"""`devicehub play --mqtt URL`: the session that plays, for others to see and to stop."""

import os
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager, suppress
from importlib import metadata
from pathlib import Path

import platformdirs

from devicehub.cli.request import SIMULATED, Request
from devicehub.errors import UsageError
from devicehub.messages import Event
from devicehub.opaque import kept_secret, opaque
from devicehub.outside import Identity
from devicehub.publish.solo import Piece, Solo
from devicehub.session.plan import Plan


@asynccontextmanager
async def published(
    request: Request, plan: Plan, tell: Callable[[Event], None]
) -> AsyncGenerator[Solo | None]:
    """Yield what has to hear of the session, while it is published; None where nobody asked.

    Raises:
        UsageError: The broker cannot be meant, or a file of its settings cannot be used.
    """
    if request.mqtt is None:
        yield None
        return
    from devicehub.publish.publisher import Publisher  # noqa: PLC0415 - for --mqtt only
    from devicehub.publish.settings import from_url  # noqa: PLC0415 - as above

    solo = _solo(request, plan)

    def note(said: str) -> None:
        tell(Event(0.0, "mqtt", None, said))

    publisher = Publisher(solo, from_url(request.mqtt), note)
    await publisher.__aenter__()
    try:
        yield solo
    except Exception as error:
        solo.gave_up(error)
        raise
    finally:
        with suppress(Exception):  # told when it happened; how the massagers were left counts
            await publisher.__aexit__(None, None, None)


def _solo(request: Request, plan: Plan) -> Solo:
    state = platformdirs.user_state_path("devicehub", appauthor=False)
    try:
        secret = kept_secret(state / "hub.secret")
    except OSError as error:
        raise UsageError(f"--mqtt: {state / 'hub.secret'}: {error.strerror}") from None
    boot = os.urandom(4).hex()
    hub = opaque(secret, "play", " ".join(request.devices))
    identity = Identity(hub, boot, _wall_s(), metadata.version("devicehub"))
    planned_s = plan.profile.duration_s if plan.minutes is None else 60.0 * plan.minutes
    session, profile = opaque(secret, "session", boot), Path(request.profile).stem
    piece = Piece(session, profile, planned_s, plan.ceiling)
    ids = {name: opaque(secret, _kind(name), name) for name in request.devices}
    return Solo(identity, piece, ids, _wall_s)


def _kind(name: str) -> str:
    """Return what everybody may read in the id of a massager: the model of a simulated one."""
    return name.removeprefix(SIMULATED) if name.startswith(SIMULATED) else "massager"


def _wall_s() -> float:
    return time.time()  # noqa: TID251 - the border at which wall time comes in
