"""The service at a real broker: started, steered and stopped from afar; broker and hub come and go."""

import json
import signal
import subprocess
import sys
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.broker import Broker, broker
from tests.integration.mqtt_stage import Listener, fresh, listener, until
from tests.integration.processes import CAPE, Home, ended, home

pytestmark = pytest.mark.wallclock

HUB, SEAT, ROOT = "hub-1", "seat", "devicehub/v1/home/hub-1"


@pytest.fixture
def here(tmp_path: Path) -> Generator[Broker]:
    with broker(tmp_path) as running:
        yield running
