"""Tests of the shop's side."""
