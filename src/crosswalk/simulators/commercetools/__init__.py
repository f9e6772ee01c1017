"""A simulated commercetools project: strict, stateful, in memory, on a real port."""

from crosswalk.simulators.commercetools.server import serve

__all__ = ["serve"]
