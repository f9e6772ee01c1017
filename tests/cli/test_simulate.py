"""`crosswalk simulate`, as a process of its own."""

import json
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from crosswalk.cli import run
from crosswalk.cli.output import Exit
from crosswalk.settings.environment import load_environment

#: What each simulator tells how to reach it by.
URL_SETTING = {
    "commercetools": "CROSSWALK_COMMERCETOOLS__API_URL",
    "freshsales": "CROSSWALK_FRESHSALES__URL",
}


@contextmanager
def simulator(*words: str) -> Iterator[tuple[subprocess.Popen[str], dict[str, str]]]:
    """Run a simulator until the block ends; yield its process and its settings."""
    with subprocess.Popen(
        [sys.executable, "-m", "crosswalk", "simulate", *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        try:
            settings: dict[str, str] = {}
            for line in process.stdout:
                name, _, value = line.removeprefix("export ").strip().partition("=")
                settings[name] = value
                if name.endswith(("API_KEY", "CLIENT_SECRET")):
                    break
            yield process, settings
        finally:
            process.send_signal(signal.SIGINT)


@pytest.mark.parametrize("side", URL_SETTING)
def test_a_simulator_is_filled_when_it_tells_its_address(side: str) -> None:
    """
    The settings are printed once the sample shop is in, and Ctrl-C ends the server.
    """
    with simulator(side, "--customers", "20") as (process, settings):
        url = settings[URL_SETTING[side]]
        origin = "/".join(url.split("/")[:3])
        with urllib.request.urlopen(f"{origin}/_control") as answer:  # noqa: S310 - ours
            overview = json.load(answer)
    assert overview["simulator"] == side
    assert sum(overview["counts"].values()) > 5
    assert process.returncode == 130


def test_the_settings_of_both_lead_a_sync_to_them() -> None:
    """
    What the two simulators print is all that a sync needs to know of its two sides.
    """
    with simulator("commercetools") as (_, shop), simulator("freshsales") as (_, crm):
        environment = load_environment({"HOME": "/nowhere", **shop, **crm})
    assert environment.commercetools.api_url in shop.values()
    assert environment.freshsales.url in crm.values()


def test_a_taken_port_is_one_message(capsys: pytest.CaptureFixture[str]) -> None:
    """
    A port that somebody else has is named in a message.
    """
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert run(["simulate", "freshsales", "--port", str(port)]) == Exit.FAILED
    assert str(port) in capsys.readouterr().err
