"""The simulator as a process of its own."""

import os
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[3] / "src"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_says_where_it_listens_and_stops_quietly(number: signal.Signals) -> None:
    """
    The process prints its address when it is ready, answers there, and ends with 0
    and without another word when it is told to stop.
    """
    command = [sys.executable, "-m", "crosswalk.simulators.commercetools", "--port=0"]
    process = subprocess.Popen(
        command,
        env={**os.environ, "PYTHONPATH": str(SOURCE)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    word, url = process.stdout.readline().split()
    with pytest.raises(urllib.error.HTTPError, match="401") as refused:
        urllib.request.urlopen(f"{url}/sample/customers")  # noqa: S310 (our own http)
    refused.value.close()
    process.send_signal(number)
    output, errors = process.communicate(timeout=20)
    assert (word, output, errors, process.returncode) == ("ready", "", "", 0)
