"""A spare that cannot be had is no obstacle: a new keeper is started instead."""

from devicehub.keeper.pipe import Pipe
from devicehub.keeper.spare import Spare


async def cannot() -> Pipe:
    raise FileNotFoundError


async def test_nobody_asked_for_one() -> None:
    spare = Spare(cannot)
    assert await spare.take() is None
    await spare.close()


async def test_one_that_cannot_be_started_is_none() -> None:
    spare = Spare(cannot)
    spare.begin()
    assert await spare.take() is None
    await spare.close()


async def test_one_that_cannot_be_started_does_not_disturb_the_end() -> None:
    spare = Spare(cannot)
    spare.begin()
    await spare.close()
