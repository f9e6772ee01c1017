"""Freshsales Suite as a real HTTP server, strict and stateful."""

from crosswalk.simulators.freshsales.server import make_app, serve

__all__ = ["make_app", "serve"]
