"""Worlds that live: random edits, faults and crashes, and what must hold after all."""
