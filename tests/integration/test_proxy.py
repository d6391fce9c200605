"""Massagers in another room, through a simulated ESPHome proxy: real sockets, one process."""

import asyncio
import socket
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from bleak.backends.device import BLEDevice

from devicehub.cli import named
from devicehub.config.proxies import Place
from devicehub.errors import DeviceNotFound, RadioError
from devicehub.hub import Wanted
from devicehub.messages import Command, CommandKind
from devicehub.radio.air import Air
from devicehub.radio.local import LocalConnector
from devicehub.radio.port import Terms
from devicehub.radio.proxies.trying import Tried, tried
from devicehub.radio.survey import State, survey
from devicehub.session.plan import Plan
from tests.integration.processes import ADVERTISED, CAPE, VEST, WAND, WAND_ZONE
from tests.integration.rooms import ANOTHER_KEY, KEY, LIBRARY, Network, heard, place, room
from tests.oracle import judge
from tests.patience import PATIENCE_S
from tests.people import hub_of
from tests.session_runs import ZONES, profile_file, shown
from tests.tapes import Tape, parse_tape, read_tape
from tests.unit.radio.bench import Judge, known

pytestmark = pytest.mark.wallclock

PHASE = {"technique": "vibration", "zones": ["rhomboid"], "seconds": 30, "level": 0.4}


async def heard_at_last(air: Air) -> dict[str, Any]:
    """Return what is in range as soon as anything is."""
    async with asyncio.timeout(PATIENCE_S):
        while not (found := await survey(air, LIBRARY, [], 0.05)):
            pass
    return {one.name: one for one in found}


async def test_a_massager_is_heard_through_an_encrypted_proxy_by_the_name_of_its_user(
    tmp_path: Path,
) -> None:
    async with (
        room(tmp_path, [CAPE], key=KEY) as where,
        heard(place(where, "bedroom", KEY)) as (air, _),
    ):
        cape = (await heard_at_last(air))[ADVERTISED[CAPE]]
        assert (cape.state, cape.via, air.notes()) == (State.FREE, "bedroom", [])


async def test_the_stronger_of_the_adapter_here_and_a_proxy_is_the_way(tmp_path: Path) -> None:
    async with room(tmp_path, [CAPE]) as where, heard(place(where)) as (air, _):
        cape = (await heard_at_last(air))[ADVERTISED[CAPE]]
        proxies = air.options["proxies"]
        proxies.heard_here(BLEDevice(cape.address, cape.name, {}), cape.rssi_dbm - 1)
        assert (air.via(cape.address), proxies.strength(cape.address)) == ("bedroom", cape.rssi_dbm)
        proxies.heard_here(BLEDevice(cape.address, cape.name, {}), cape.rssi_dbm + 1)
        assert air.via(cape.address) is None


KEYS = {
    (KEY, ANOTHER_KEY): "its encryption key is another one: take the one under api: encryption: "
    "key: of its ESPHome configuration",
    (KEY, None): "it wants its encryption key: proxies.bedroom.key_file; take the one under api: "
    "encryption: key: of its ESPHome configuration",
    (None, KEY): "it has no encryption, and a key is set for it: take that out",
}


@pytest.mark.parametrize(("keys", "line"), KEYS.items(), ids=["another", "none", "needless"])
async def test_a_key_that_is_not_its_own_is_told_in_a_line_without_the_key(
    keys: tuple[str | None, str | None], line: str, tmp_path: Path
) -> None:
    its, ours = keys
    async with room(tmp_path, [], key=its) as where:
        (said,) = await tried([place(where, key=ours)], 0.0)
    assert said.trouble == line
    assert KEY not in repr(said)
    assert ANOTHER_KEY not in repr(said)


async def test_a_proxy_that_is_not_there_is_told_with_the_place_where_it_should_be(
    silent_port: int,
) -> None:
    gone = Place("garage", "127.0.0.1", silent_port)
    line = f"nothing answers at 127.0.0.1 port {silent_port}; is it on, and on this network?"
    assert await tried([gone], 0.0) == [Tried(gone, trouble=line)]


@pytest.fixture
def silent_port() -> Iterator[int]:
    """Hold a port on which nobody listens: nobody else is given it meanwhile."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        yield bound.getsockname()[1]


async def test_a_proxy_serves_one_program_and_another_one_is_told(tmp_path: Path) -> None:
    async with room(tmp_path, [CAPE]) as where, heard(place(where)) as (air, _):
        await heard_at_last(air)
        async with heard(place(where, "again")) as (second, _):
            async with asyncio.timeout(PATIENCE_S):
                await second.options["proxies"].lines[0].decided.wait()
            assert second.notes() == [
                (
                    "proxy again: another program hears through it, for example Home Assistant; "
                    "it serves one at a time"
                )
            ]
        assert air.notes() == []


async def test_a_proxy_that_only_listens_is_told_when_a_link_is_wanted(tmp_path: Path) -> None:
    async with room(tmp_path, [CAPE], active=False) as where, heard(place(where)) as (_, connector):
        with pytest.raises(DeviceNotFound) as refused:
            await connector.connect(ADVERTISED[CAPE], PATIENCE_S)
    assert str(refused.value) == (
        "DH-CAPE: heard through proxy bedroom alone, and it only listens; for links set "
        "bluetooth_proxy: active: true in its ESPHome configuration"
    )


async def test_a_proxy_without_a_free_slot_is_told(tmp_path: Path) -> None:
    async with (
        room(tmp_path, [CAPE, VEST], slots=1) as where,
        heard(place(where)) as (_, connector),
    ):
        link = await connector.connect(ADVERTISED[VEST], PATIENCE_S)
        with pytest.raises(DeviceNotFound) as refused:
            await connector.connect(ADVERTISED[CAPE], PATIENCE_S)
        await link.close()
    assert str(refused.value) == (
        "DH-CAPE: no free connection slot on proxy bedroom; end another link that goes through it"
    )


async def test_a_session_through_a_proxy_meets_every_cap_and_is_felt(tmp_path: Path) -> None:
    tapes = {model: tmp_path / f"{model}.jsonl" for model in (CAPE, VEST)}
    plan = Plan(named.profile(str(profile_file(tmp_path, PHASE))))
    async with (
        room(tmp_path, [CAPE, VEST], tapes, key=KEY) as where,
        heard(place(where, key=KEY)) as (_, connector),
        asyncio.timeout(PATIENCE_S),
    ):
        while not felt(tapes.values()):  # a machine that stands still ends a session, and rightly
            await play_until_felt(plan, connector, tapes.values())
    for model, file in tapes.items():
        tape = read_tape(file)
        assert judge(tape, shown(model), ZONES) == []
        assert not any(levels_at_the_end(tape))


async def play_until_felt(plan: Plan, connector: LocalConnector, tapes: Iterable[Path]) -> None:
    wanted = [Wanted(ADVERTISED[model], ADVERTISED[model]) for model in (CAPE, VEST)]
    hub = await hub_of(plan, wanted, connector, lambda _: None)
    session = asyncio.create_task(hub.run())
    while not (felt(tapes) or session.done()):  # noqa: ASYNC110
        await asyncio.sleep(0.05)
    hub.post(Command(CommandKind.STOP, "felt"))
    await session


def felt(tapes: Iterable[Path]) -> bool:
    return all(highest(file) > 0 for file in tapes)


def levels_at_the_end(tape: Tape) -> list[int]:
    levels = [0] * tape.actuators
    for move in tape.moves:
        levels[move.actuator] = move.level
    return levels


def highest(file: Path) -> int:
    """Return the highest level of a tape that is still being written."""
    whole, _, _ = file.read_text("utf-8").rpartition("\n")
    return max((move.level for move in parse_tape(whole.splitlines()).moves), default=0)


async def test_a_proxy_that_goes_takes_the_link_with_it(tmp_path: Path) -> None:
    network = Network()
    async with (
        room(tmp_path, [VEST]) as where,
        network.to(where) as far,
        heard(place(far)) as (_, connector),
    ):
        link = await connector.connect(ADVERTISED[VEST], PATIENCE_S)
        network.cut()
        async with asyncio.timeout(PATIENCE_S):
            await link.lost.wait()
        again = await connector.connect(ADVERTISED[VEST], PATIENCE_S)  # on the same line, made anew
        assert (await again.close()).confirmed
        await link.close(lambda: False)


async def test_a_write_on_a_network_that_stands_still_is_no_success(tmp_path: Path) -> None:
    network = Network()
    async with (
        room(tmp_path, [WAND]) as where,
        network.to(where) as far,
        heard(place(far)) as (_, connector),
    ):
        link = await connector.connect(ADVERTISED[WAND], PATIENCE_S)
        await link.agree(Terms(link.massager.steps, WAND_ZONE))
        moves = Judge(known(WAND)).encoded(0.3)
        assert not any(write.response for write in moves.writes)
        network.flowing.clear()
        with pytest.raises(RadioError, match="was not answered within"):
            await link.send(moves)
        network.flowing.set()
        await link.close(lambda: False)


async def test_a_stop_is_confirmed_by_its_own_answer_and_not_by_a_late_one(tmp_path: Path) -> None:
    network, tape = Network(), tmp_path / "tape.jsonl"
    async with (
        room(tmp_path, [VEST], {VEST: tape}) as where,
        network.to(where) as far,
        heard(place(far)) as (_, connector),
    ):
        link = await connector.connect(ADVERTISED[VEST], PATIENCE_S)
        await link.agree(Terms(link.massager.steps))
        moves = Judge(link.massager).encoded(0.3)
        assert all(write.response for write in moves.writes)
        network.flowing.clear()
        with pytest.raises(RadioError, match="was not answered within"):
            await link.send(moves)
        stop = link.begin_stop()
        await asyncio.sleep(0.1)
        network.flowing.set()
        outcome = await stop
        late, (*_, last) = moves.writes[0].data.hex(), written(tape)
        assert late in written(tape) or not outcome.confirmed
        assert last == link.massager.stops[0].writes[0].data.hex() or not outcome.confirmed
        await link.close(lambda: False)


def written(tape: Path) -> list[str]:
    """Return what was written to a massager up to now."""
    whole, _, _ = tape.read_text("utf-8").rpartition("\n")
    return [data for _, _, data in parse_tape(whole.splitlines()).writes]
