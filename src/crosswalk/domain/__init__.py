"""What decides: pure functions and frozen values; no clock, log, I/O or chance."""
