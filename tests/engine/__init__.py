"""The engine decides nothing of its own; it carries out, in order and once."""
