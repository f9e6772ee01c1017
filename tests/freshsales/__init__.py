"""Tests of the CRM's side."""
