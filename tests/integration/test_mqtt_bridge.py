"""A site's broker and the cluster's, with the bridge of docs/fleet between them, as it is."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.broker import OPEN, Broker, broker
from tests.integration.mqtt_stage import Listener, listener, until
from tests.patience import PATIENCE_S
from tests.shipped import ROOT

pytestmark = [pytest.mark.wallclock, pytest.mark.thorough]

HUB = "devicehub/v1/spa-1/hub-1"
# What cannot be as it is without the cluster's own certificates and passwords.
ELSEWHERE = ("address ", "bridge_cafile ", "remote_username ", "remote_password ")


@pytest.fixture
def brokers(tmp_path: Path) -> Iterator[tuple[Broker, Broker]]:
    lines = (ROOT / "docs" / "fleet" / "site.conf").read_text(encoding="utf-8").splitlines()
    kept = [line for line in lines if not line.startswith(ELSEWHERE)]
    with broker(_folder(tmp_path, "cluster")) as cluster:
        at = kept.index("connection to-cluster") + 1
        bridge = "\n".join([*kept[:at], f"address 127.0.0.1:{cluster.port}", *kept[at:]])
        with broker(_folder(tmp_path, "site"), OPEN + bridge + "\n") as site:
            yield site, cluster


def _folder(where: Path, name: str) -> Path:
    (where / name).mkdir()
    return where / name


def got(one: Listener, topic: str) -> list[bytes]:
    return [said.payload for said in one.heard if said.topic == topic]


async def crosses(speaker: Listener, hearer: Listener, topic: str) -> None:
    """Say something again and again until the other side hears it: the bridge may not be up yet."""
    async with asyncio.timeout(PATIENCE_S):
        while not got(hearer, topic):
            await speaker.client.publish(topic, b"x", qos=1)
            await asyncio.sleep(0.05)


async def test_what_a_hub_says_goes_out_and_a_stop_comes_in_but_no_start(
    brokers: tuple[Broker, Broker],
) -> None:
    site, cluster = brokers
    async with listener(site.port) as near, listener(cluster.port) as far:
        await crosses(near, far, f"{HUB}/device/seat-1/session")
        await crosses(far, near, f"{HUB}/cmd/stop")
        await far.client.publish(f"{HUB}/cmd/start", b"{}", qos=1)
        await near.client.publish(f"{HUB}/cmd/pause", b"{}", qos=1)
        await far.client.publish(f"{HUB}/cmd/stop", b"last", qos=1)
        await until(lambda: b"last" in got(near, f"{HUB}/cmd/stop"), "the last stop")
        assert got(near, f"{HUB}/cmd/start") == []
        assert got(far, f"{HUB}/cmd/pause") == []
        for side in (near, far):  # it does not go round
            assert got(side, f"{HUB}/cmd/stop").count(b"last") == 1
