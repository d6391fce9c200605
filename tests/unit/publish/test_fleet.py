"""The files of docs/fleet say what the contract says: topics, keys, and each its own format."""

import json
import re
import tomllib
from typing import Any

import pytest

from devicehub.publish import wire
from devicehub.publish.topics import COMMANDS, OUT, Topics
from tests.shipped import ROOT

FLEET = ROOT / "docs" / "fleet"
MOVING = {"start", "resume", "moved", "select"}
SAID_TO_THE_HUB_ALONE = {"present", "republish"}


def bridged(way: str) -> set[str]:
    """Return the patterns below a hub that the site's broker passes on, without the hub's level."""
    lines = (FLEET / "site.conf").read_text(encoding="utf-8").splitlines()
    found = [line.split() for line in lines if line.startswith("topic ")]
    assert {tuple(words[4:]) for words in found} == {("devicehub/v1/spa-1/",) * 2}
    return {words[1].removeprefix("+/") for words in found if words[2] == way}


def telegraf() -> dict[str, Any]:
    return tomllib.loads((FLEET / "telegraf.conf").read_text(encoding="utf-8"))


def matches(pattern: str, topic: str) -> bool:
    """Say whether a topic is in a pattern of MQTT."""
    exact = re.escape(pattern).replace(r"\+", "[^/]+").replace(r"/\#", "(/.*)?")
    return re.fullmatch(exact, topic) is not None


def test_everything_that_a_hub_says_leaves_the_site() -> None:
    out = bridged("out")
    for channel in OUT.values():
        topic = channel.path.format(device="seat-1", severity="info")
        assert any(matches(pattern, topic) for pattern in out), topic


def test_no_command_leaves_the_site_and_none_that_moves_a_motor_comes_in() -> None:
    paths = {channel.path: name for name, channel in COMMANDS.items()}
    assert not any(matches(pattern, path) for pattern in bridged("out") for path in paths)
    assert {paths[path] for path in bridged("in")} == set(paths.values()) - MOVING - (
        SAID_TO_THE_HUB_ALONE
    )


@pytest.mark.parametrize(("index", "kind"), [(0, "event"), (1, "session")])
def test_a_recorder_reads_topics_and_keys_that_there_are(index: int, kind: str) -> None:
    consumer = telegraf()["inputs"]["mqtt_consumer"][index]
    topics = Topics("devicehub", "spa-1", "hub-1")
    topic = topics.out(kind, device="seat-1", severity="info")
    pattern = consumer["topics"][0].removeprefix("$share/rec/")
    assert matches(pattern, topic)
    assert matches(consumer["topic_parsing"][0]["topic"], topic)
    (read,) = consumer["json_v2"]
    said = wire.OUT[kind].model_fields
    keys = [each["path"] for each in (*read.get("tag", ()), *read["field"])]
    assert [key for key in [read["timestamp_path"], *keys] if key not in said] == []


def test_the_board_asks_for_columns_that_are_recorded() -> None:
    board = json.loads((FLEET / "grafana-board.json").read_text(encoding="utf-8"))
    columns = {"time", "now", "site", "hub", "device", "severity"}
    for consumer in telegraf()["inputs"]["mqtt_consumer"]:
        (read,) = consumer["json_v2"]
        columns |= {each["path"] for each in (*read.get("tag", ()), *read["field"])}
    for panel in board["panels"]:
        asked = re.sub(r"'[^']*'", "", panel["targets"][0]["rawSql"])
        words = set(re.findall(r"\b[a-z_]+\b", asked)) - {"event", "session", "sessions"}
        functions = set(re.findall(r"\b([a-z_]+)\(", asked)) | {"interval"}
        assert words - functions <= columns, panel["title"]


def test_what_one_file_mounts_is_there() -> None:
    text = (FLEET / "compose.yaml").read_text(encoding="utf-8")
    mounted = set(re.findall(r"- \./([\w.-]+):", text)) - {"cluster-ca.crt"}
    assert mounted == {path.name for path in FLEET.iterdir()} - {"compose.yaml", "site.conf"}


def test_no_file_has_a_secret() -> None:
    secrets = re.compile(r"(?im)^\s*\w*(password|token)\w*\s*[:=]\s*(.+)$")
    for path in FLEET.iterdir():
        for _, value in secrets.findall(path.read_text(encoding="utf-8")):
            assert "$" in value, (path.name, value)
