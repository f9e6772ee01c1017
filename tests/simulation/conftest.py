"""Simulators that are there at once."""

from tests.simulated import backstage

__all__ = ["backstage"]
