"""Simulators that are there at once."""

import pytest

from tests.simulated import backstage

__all__ = ["backstage"]

pytest.register_assert_rewrite("tests.simulation.life")
