"""Our sample broker settings and access rules, on a real broker, over TLS."""

import ssl
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiomqtt
import pytest
import trustme

from devicehub.errors import UsageError
from tests.broker import Broker, broker
from tests.integration.mqtt_stage import Listener, listener, stage, until
from tests.shipped import ROOT as PROJECT

pytestmark = pytest.mark.wallclock
USERS = ("hub-1", "hub-2", "desk", "guest", "recorder")
PASSWORD = "only-for-this-test"  # noqa: S105
SITE = "devicehub/v1/spa-1"


@dataclass(frozen=True, slots=True)
class Guarded:
    """A broker with the sample's settings, and who vouches for it."""

    broker: Broker
    ca: Path

    @property
    def url(self) -> str:
        return f"mqtts://localhost:{self.broker.port}"

    def settings(self, user: str) -> dict[str, Any]:
        return {"username": user, "password": PASSWORD, "ca_file": str(self.ca), "site": "spa-1"}

    def as_client(self, user: str) -> dict[str, Any]:
        trusted = ssl.create_default_context(cafile=self.ca)
        trusted.check_hostname = False  # the listener goes by address; the hub's own checks stay
        return {"username": user, "password": PASSWORD, "tls_context": trusted}


@pytest.fixture
def guarded(tmp_path: Path) -> Iterator[Guarded]:
    """Take the sample as it is; only its places and its port are ours."""
    ca = trustme.CA()
    ours = ca.issue_cert("localhost")
    ca.cert_pem.write_to_path(tmp_path / "ca.crt")
    ours.cert_chain_pems[0].write_to_path(tmp_path / "broker.crt")
    ours.private_key_pem.write_to_path(tmp_path / "broker.key")
    passwords = tmp_path / "passwords"
    passwords.touch(mode=0o600)
    for user in USERS:
        subprocess.run(["mosquitto_passwd", "-b", passwords, user, PASSWORD], check=True)
    sample = (PROJECT / "docs" / "mqtt" / "mosquitto.conf").read_text(encoding="utf-8")
    text = (
        sample.replace("listener 8883", "listener {port} 127.0.0.1")
        .replace("/etc/mosquitto/certs", "{folder}")
        .replace("/etc/mosquitto/devicehub.acl", str(PROJECT / "docs/mqtt/devicehub.acl"))
        .replace("/etc/mosquitto", "{folder}")
        .replace("/var/lib/mosquitto/", "{folder}/")
    )
    assert "/etc" not in text
    with broker(tmp_path, f"user {_me()}\n{text}") as running:
        yield Guarded(running, tmp_path / "ca.crt")


def _me() -> str:
    return subprocess.run(["id", "-un"], check=True, capture_output=True, text=True).stdout.strip()


async def test_a_hub_is_heard_and_asked_over_tls(guarded: Guarded, tmp_path: Path) -> None:
    folder = tmp_path / "hub"
    folder.mkdir()
    port = guarded.broker.port
    async with (
        listener(port, f"{SITE}/#", **guarded.as_client("desk")) as desk,
        stage(folder, guarded.url, **guarded.settings("hub-1")) as show,
    ):
        await until(lambda: _said(desk, f"{SITE}/hub-1/availability"), "the hub is not heard")
        await until(lambda: show.port.leases, "the stop line does not stand")
        await desk.send(f"{SITE}/hub-1/cmd/pause", b'{"id":"p"}')
        await until(lambda: show.port.wishes, "the desk may pause")
        await desk.send(f"{SITE}/all/cmd/stop", b"")
        await until(lambda: show.port.stops, "the desk may stop the site")
        await desk.send(f"{SITE}/hub-1/cmd/ceiling", b'{"id":"c"}')
        await desk.send(f"{SITE}/hub-1/cmd/pause", b'{"id":"q"}')
        await until(lambda: len(show.port.wishes) == 2, "the desk may pause")
        assert show.publisher.commands == 2
        assert show.publisher.board.denied == 0
        async with listener(port, f"{SITE}/#", **guarded.as_client("guest")) as guest:
            before = len(show.port.stops)
            await guest.send(f"{SITE}/hub-1/cmd/stop", b"")
            await until(lambda: len(show.port.stops) > before, "the guest may stop its seat")
            assert {m.topic.rpartition("/")[2] for m in guest.heard} <= {"session"}


async def test_a_broker_with_our_rules_refuses_what_they_forbid(guarded: Guarded) -> None:
    """Each forbidden message is followed by one that is allowed, so nothing is still on its way."""
    port = guarded.broker.port
    forbidden = [
        ("hub-1", f"{SITE}/hub-2/availability"),
        ("hub-1", f"{SITE}/hub-2/device/cape-1/session"),
        ("hub-1", f"{SITE}/hub-2/cmd/start"),
        ("hub-1", f"{SITE}/hub-1/cmd/start"),
        ("hub-1", "homeassistant/device/hub-2/cape-1/config"),
        ("desk", f"{SITE}/hub-1/cmd/start"),
        ("guest", f"{SITE}/hub-2/cmd/stop"),
        ("guest", f"{SITE}/hub-1/device/cape-1/session"),
        ("recorder", f"{SITE}/hub-1/cmd/stop"),
    ]
    may = {
        "hub-1": f"{SITE}/hub-1/info",
        "desk": f"{SITE}/hub-1/cmd/stop",
        "guest": f"{SITE}/hub-1/cmd/stop",
        "recorder": f"{SITE}/recorder/reply",
    }
    everything = ("devicehub/#", "homeassistant/#")
    async with listener(port, *everything, **guarded.as_client("recorder")) as reader:
        for user, topic in forbidden:
            async with listener(port, "nothing", **guarded.as_client(user)) as who:
                await who.send(topic, b"forged")
                await who.send(may[user], b"fence")
            await until(
                lambda user=user: reader.heard and reader.heard[-1].topic == may[user],
                f"{user} may write {may[user]}",
            )
            reader.heard.pop()
    assert reader.heard == []


async def test_a_hub_in_the_wrong_branch_notices_that_nobody_hears_it(
    guarded: Guarded, tmp_path: Path
) -> None:
    """Publishing looks like success; MQTT 5 tells by its codes, and the echo tells always."""
    folder = tmp_path / "hub"
    folder.mkdir()
    wrong: dict[str, Any] = guarded.settings("hub-2") | {"hub": "hub-1"}
    async with stage(folder, guarded.url, **wrong) as show:
        await until(lambda: show.publisher.board.denied, "the codes were not noticed")
        await until(
            lambda: "denied" in {alert.kind for alert in show.publisher.board.standing},
            "it is not told",
        )


@pytest.mark.parametrize("what", ["password", "certificate"])
async def test_who_cannot_show_who_they_are_does_not_get_in(
    what: str, guarded: Guarded, tmp_path: Path
) -> None:
    folder = tmp_path / "hub"
    folder.mkdir()
    settings = guarded.settings("hub-1")
    if what == "password":
        settings["password"] = "wrong"  # noqa: S105
    else:
        other = folder / "other.crt"
        trustme.CA().cert_pem.write_to_path(other)
        settings["ca_file"] = str(other)
    async with stage(folder, guarded.url, **settings) as show:
        await until(lambda: len(show.notes) >= 2, "nothing is told")
    assert show.publisher.online is False
    assert all("does not answer" in note for note in show.notes)
    assert not any("wrong" in note or PASSWORD in note for note in show.notes)


async def test_a_file_that_is_not_there_is_named_at_the_start(
    guarded: Guarded, tmp_path: Path
) -> None:
    (tmp_path / "hub").mkdir()
    settings: dict[str, Any] = guarded.settings("hub-1") | {"ca_file": str(tmp_path / "none.crt")}
    with pytest.raises(UsageError, match=r"none\.crt"):
        async with stage(tmp_path / "hub", guarded.url, **settings):
            pass


def _said(who: Listener, topic: str) -> bool:
    return any(m.topic == topic for m in who.heard)


async def test_nobody_without_a_name_gets_in(guarded: Guarded) -> None:
    trusted = ssl.create_default_context(cafile=guarded.ca)
    with pytest.raises(aiomqtt.MqttError):
        async with aiomqtt.Client("localhost", guarded.broker.port, tls_context=trusted):
            pass


async def test_a_hub_shows_a_certificate_where_the_broker_wants_one(tmp_path: Path) -> None:
    """The name in it is the user: no password is needed."""
    ca = trustme.CA()
    ca.cert_pem.write_to_path(tmp_path / "ca.crt")
    for name, made in (("broker", ca.issue_cert("localhost")), ("hub", _named(ca, "hub-1"))):
        made.cert_chain_pems[0].write_to_path(tmp_path / f"{name}.crt")
        made.private_key_pem.write_to_path(tmp_path / f"{name}.key")
    text = CERTIFIED.replace("{me}", _me())
    (tmp_path / "hub").mkdir()
    files: dict[str, Any] = {"ca_file": tmp_path / "ca.crt"}
    shown: dict[str, Any] = {"cert_file": tmp_path / "hub.crt", "key_file": tmp_path / "hub.key"}
    with broker(tmp_path, text) as running:
        url = f"mqtts://localhost:{running.port}"
        async with stage(tmp_path / "hub", url, **files, **shown) as show:
            await until(lambda: show.publisher.online, "the certificate is not taken")
        async with stage(tmp_path / "hub", url, **files) as show:
            await until(lambda: len(show.notes) >= 2, "nothing is told")
            assert not show.publisher.online
        assert "as hub-1 (" in running.log()
        assert "u'hub-1'" in running.log()


def _named(ca: trustme.CA, name: str) -> trustme.LeafCert:
    return ca.issue_cert(f"{name}.example", common_name=name)


CERTIFIED = """
user {me}
listener {port} 127.0.0.1
cafile {folder}/ca.crt
certfile {folder}/broker.crt
keyfile {folder}/broker.key
require_certificate true
use_identity_as_username true
"""
