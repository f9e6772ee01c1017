"""That the benchmarks run and find what they check to be true; not how fast."""

import subprocess
import sys

import orjson
import pytest
from benchmarks.__main__ import BENCHMARKS
from benchmarks.measures import at_least, at_most, percentile


def run(*arguments: str) -> subprocess.CompletedProcess[bytes]:
    """Run the benchmarks as make bench does."""
    command = [sys.executable, "-m", "benchmarks", "--quick", *arguments]
    return subprocess.run(command, capture_output=True, timeout=120, check=False)


def test_the_cheap_benchmarks_run_and_print_a_table() -> None:
    """
    Each measured number is a row of the table, with its target where it has one.
    """
    ended = run("--only", "intake", "--only", "mapping")
    assert ended.returncode == 0, ended.stderr.decode()
    shown = ended.stdout.decode()
    assert "intake.rate" in shown
    assert ">= 2,500" in shown
    assert "mapping.cpu" in shown


@pytest.mark.slow
@pytest.mark.parametrize("name", BENCHMARKS)
def test_every_benchmark_tells_numbers_as_json(name: str) -> None:
    """
    A benchmark's JSON names each number, its unit and how the machine was.
    """
    ended = run("--only", name, "--json")
    assert ended.returncode == 0, ended.stderr.decode()
    told = orjson.loads(ended.stdout)
    assert told["measures"]
    for measure in told["measures"]:
        assert measure["name"]
        assert measure["unit"]
        assert measure["measured"] >= 0  # no call at all is a number too
        assert measure["busy"] > 0


def test_a_percentile_is_one_of_the_values() -> None:
    """
    The nearest rank is taken: half of 1..100 does not exceed 50, 99 % not 99.
    """
    values = [float(value) for value in range(100, 0, -1)]
    assert percentile(values, 50) == 50
    assert percentile(values, 99) == 99
    assert percentile([7.0], 99) == 7


def test_a_target_is_met_on_its_limit() -> None:
    """
    At least and at most both include the number they name.
    """
    assert at_least(10).is_met(10)
    assert not at_least(10).is_met(9.9)
    assert at_most(10).is_met(10)
    assert not at_most(10).is_met(10.1)
