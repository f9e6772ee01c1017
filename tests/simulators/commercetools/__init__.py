"""Tests of the simulated commercetools."""
