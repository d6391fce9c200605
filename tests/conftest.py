"""The rules every test lives under: virtual time, its own home, nothing left behind."""

import asyncio
import gc
import os
import shutil
import signal
import tempfile
from collections.abc import AsyncIterator, Callable, Generator, Iterator, Mapping
from pathlib import Path

import pytest
from hypothesis import Phase, settings

from firmware_sim.clock import VirtualLoop
from tests.home import live_in
from tests.hygiene import left_behind, possessions
from tests.tracer import trace_nothing, traced

settings.register_profile("house", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
settings.register_profile(
    "mutants", deadline=None, derandomize=True, phases=(Phase.explicit, Phase.generate)
)
settings.load_profile("ci" if os.environ.get("CI") == "true" else "house")

_HOME = pytest.StashKey[Path]()


def pytest_configure(config: pytest.Config) -> None:
    """Give the whole run a home of its own: no test sees or touches the user's files."""
    home = Path(tempfile.mkdtemp(prefix="dh-"))  # short: control sockets live in it
    config.stash[_HOME] = home
    live_in(home)
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background ignores it
    if _deals_out(config):
        trace_nothing()


def pytest_unconfigure(config: pytest.Config) -> None:
    shutil.rmtree(config.stash[_HOME], ignore_errors=True)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave real massagers alone unless ``-m hardware`` asks for them; watch async tests' tasks."""
    if "hardware" not in str(config.getoption("markexpr")):
        asleep = [item for item in items if item.get_closest_marker("hardware")]
        config.hook.pytest_deselected(items=asleep)
        items[:] = [item for item in items if item not in asleep]
    for item in items:
        if isinstance(item, pytest.Function) and item.get_closest_marker("asyncio"):
            names = [n for n in item.fixturenames if n != "nothing_left_behind"]
            item.fixturenames[:] = ["nothing_left_behind", "no_task_left", *names]


def pytest_asyncio_loop_factories(
    item: pytest.Item,
) -> Mapping[str, Callable[[], asyncio.AbstractEventLoop]]:
    """Run async tests on virtual time, but for those that need the real one."""
    if item.get_closest_marker("wallclock"):
        return {"real": asyncio.new_event_loop}
    return {"virtual": VirtualLoop}


@pytest.hookimpl(wrapper=True)
def pytest_collection(session: pytest.Session) -> Generator[None, object, object]:
    """Import all tests, and what they import, under the tracer in one process only.

    What is made here lives to the end: the collector of garbage looks at it once and never again.
    """
    gc.disable()
    try:
        with traced(_worker(session.config) in ("", "gw0")):
            return (yield)
    finally:
        gc.collect()
        gc.freeze()
        gc.enable()


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol() -> Generator[None, object, object]:
    """Keep the tracer from what pytest itself does; the three hooks below bring it in."""
    with traced(False):
        return (yield)


@pytest.hookimpl(wrapper=True, trylast=True)
def pytest_runtest_setup(item: pytest.Item) -> Generator[None, object, object]:
    """Trace what fixtures make, unless it is for an exhaustive test."""
    with traced(_counts(item)):
        return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(request: pytest.FixtureRequest) -> Generator[None, object, object]:
    """Trace what is made for many tests, whichever of them is the first."""
    if request.scope == "function":
        return (yield)
    with traced(True):
        return (yield)


@pytest.hookimpl(wrapper=True, trylast=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    """Trace a test, unless it is exhaustive."""
    with traced(_counts(item)):
        return (yield)


@pytest.hookimpl(wrapper=True, trylast=True)
def pytest_runtest_teardown(item: pytest.Item) -> Generator[None, object, object]:
    """Trace what fixtures take down, unless they were an exhaustive test's."""
    with traced(_counts(item)):
        return (yield)


def _counts(item: pytest.Item) -> bool:
    """Return whether the lines that a test runs count for coverage."""
    return item.get_closest_marker("exhaustive") is None


def _worker(config: pytest.Config) -> str:
    """Return the name of this worker of xdist; empty in the one process of a run without."""
    return str(getattr(config, "workerinput", {}).get("workerid", ""))


def _deals_out(config: pytest.Config) -> bool:
    """Tell whether other processes run the tests, and this one only deals them out."""
    return not _worker(config) and config.getoption("dist", "no") != "no"


@pytest.fixture(autouse=True)
def nothing_left_behind() -> Iterator[None]:
    """Fail a test that leaves a thread, child, open file, signal handler or setting behind."""
    with traced(False):
        before = possessions()
    yield
    with traced(False):
        left = left_behind(before)
    if left:
        pytest.fail("left behind:\n  " + "\n  ".join(left), pytrace=False)


@pytest.fixture
async def no_task_left() -> AsyncIterator[None]:
    """Fail a test whose asyncio tasks outlive it and its fixtures."""
    yield
    if left := asyncio.all_tasks() - {asyncio.current_task()}:
        pytest.fail("left running: " + ", ".join(t.get_name() for t in left), pytrace=False)
