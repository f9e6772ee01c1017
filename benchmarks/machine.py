"""What the machine is and how much of it was ours while something was measured."""

import os
import platform
import resource
import sys
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any, Final, TypeVar

import anyio

Result = TypeVar("Result")

#: Turns of the calibration loop: some tens of milliseconds on a machine of today.
TURNS: Final = 500_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """One run of a fixed loop of plain Python on every core at once."""

    #: Seconds on the clock, the mean of all cores.
    wall: float
    #: Seconds of computing, the mean of all cores.
    cpu: float

    @property
    def busy(self) -> float:
        """Say how much longer it took than it computed: 1.0 on an idle machine."""
        return self.wall / self.cpu


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """What a stretch of work cost the process that did it."""

    seconds: float
    cpu_seconds: float
    #: The most memory that the process ever held.
    peak_mb: float


def describe() -> str:
    """Name the machine: cores, system, interpreter."""
    implementation = f"{platform.python_implementation()} {platform.python_version()}"
    return f"{os.cpu_count()} cores, {sys.platform}, {implementation}"


def loop() -> tuple[float, float]:
    """Run the calibration loop; seconds on the clock and of computing."""
    began, computed = time.perf_counter(), time.process_time()
    table: dict[int, int] = {}
    for number in range(TURNS):
        table[number % 1000] = number
    return time.perf_counter() - began, time.process_time() - computed


def calibrate(pool: ProcessPoolExecutor) -> Calibration:
    """Run the loop on every core at once."""
    cores = os.cpu_count() or 1
    runs = [job.result() for job in [pool.submit(loop) for _ in range(cores)]]
    return Calibration(
        wall=sum(wall for wall, _ in runs) / cores,
        cpu=sum(cpu for _, cpu in runs) / cores,
    )


def processes(count: int) -> ProcessPoolExecutor:
    """Open a pool of fresh processes that inherit nothing of this one."""
    return ProcessPoolExecutor(count, mp_context=get_context("spawn"))


async def in_own_process(
    work: Callable[..., Awaitable[Result]], *arguments: object
) -> Result:
    """Run a coroutine in a process of its own, so that what it costs is its own."""
    with processes(1) as pool:
        job = pool.submit(partial(_run, work), *arguments)
        return await anyio.to_thread.run_sync(job.result)


def peak_mb() -> float:
    """Tell the most memory that this process ever held, in MB.

    The counter of getrusage is passed on from whoever started the process, so where
    the kernel tells it by address space that is what counts.
    """
    status = Path("/proc/self/status")
    if status.exists():
        lines = status.read_text("ascii").splitlines()
        (held,) = (line.split()[1] for line in lines if line.startswith("VmHWM"))
        return int(held) / 1024
    scale = 2**20 if sys.platform == "darwin" else 2**10
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / scale


class Meter:
    """Measures from where it was made."""

    def __init__(self) -> None:
        self._began = time.perf_counter()
        self._computed = time.process_time()

    def read(self) -> Spent:
        """Tell what was spent since."""
        return Spent(
            seconds=time.perf_counter() - self._began,
            cpu_seconds=time.process_time() - self._computed,
            peak_mb=peak_mb(),
        )


def _run(work: Callable[..., Awaitable[Any]], *arguments: object) -> Any:  # noqa: ANN401 - work's
    return anyio.run(work, *arguments)
