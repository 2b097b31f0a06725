"""`script/server` where things go wrong: a taken port, a second start, a kill, a lost database."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.devserver.test_services import ROOT, pid_of, running, until
from tests.journeys.test_whole_way import Served

pytestmark = [pytest.mark.deep, pytest.mark.xdist_group("server")]


class SmallServed(Served):
    """The product with the smallest demonstration, in a folder with a difficult name."""

    services = "20"  # the fewest that show every state

    def __init__(self, folder: Path) -> None:
        super().__init__(folder / "a council’s own, it's here")
        self.folder.mkdir()

    @property
    def var(self) -> Path:
        return self.folder / "var"

    def starts_with(self, **more: str) -> subprocess.CompletedProcess[str]:
        """What a start says that is refused."""
        return subprocess.run(
            [sys.executable, "-m", "devserver.serve"],
            cwd=ROOT,
            env={**self.environment(), **more},
            capture_output=True,
            text=True,
            timeout=120,
        )

    def is_ready(self) -> bool:
        try:
            return httpx.get(f"{self.url}/sign-in/", timeout=5).status_code == 200
        except httpx.HTTPError:
            return False


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmallServed]:
    product = SmallServed(tmp_path_factory.mktemp("server"))
    try:
        product.start()
        yield product
    finally:
        product.stop()


def test_started_twice_the_second_says_who_serves_already(served):
    refused = served.starts_with(PORT="1")
    assert refused.returncode == 1
    assert f"already served from this folder on port {served.port}" in refused.stderr
    assert f"kill {served.process.pid}" in refused.stderr
    assert served.is_ready()


def test_database_that_stops_is_started_again(served):
    first = pid_of(served.var, "bin/postgres")
    os.kill(first, signal.SIGKILL)
    assert until(
        lambda: any(
            "bin/postgres" in command and pid != first for pid, command in running(served.var)
        )
    )
    assert until(served.is_ready)


def test_keepers_that_are_killed_are_started_again(served):
    os.kill(pid_of(served.var, "devserver.keeper postgres"), signal.SIGKILL)
    assert until(served.is_ready)


def test_killed_it_leaves_nothing_and_the_next_start_takes_over(served):
    served.process.kill()
    served.process.wait()
    served.start()
    assert served.is_ready()
    served.stop()
    assert until(lambda: not served.left_running()), served.left_running()


@pytest.mark.parametrize("port", ["none", "0", "70000"])
def test_port_that_is_no_port_is_refused_by_name(tmp_path, port):
    refused = SmallServed(tmp_path).starts_with(PORT=port)
    assert refused.returncode == 1
    assert refused.stderr.startswith(f"PORT is '{port}'")


def test_port_that_is_taken_is_refused_with_another_to_choose(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        refused = SmallServed(tmp_path).starts_with(PORT=str(port))
    assert refused.returncode == 1
    assert (
        refused.stderr == f"Port {port} is in use. Choose another: PORT={port + 1} script/server\n"
    )


def test_set_up_needs_no_network_when_nothing_is_missing():
    nowhere = dict.fromkeys(("http_proxy", "https_proxy", "ALL_PROXY"), "http://127.0.0.1:9")
    done = subprocess.run(
        ["script/setup"],
        cwd=ROOT,
        env={**os.environ, **nowhere, "PIP_INDEX_URL": "http://127.0.0.1:9/simple"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
