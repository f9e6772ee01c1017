"""Switches: every doubtful or faulty behaviour of a simulator, by name."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

TYPE_NAMES: Final[Mapping[type, str]] = {
    bool: "true or false",
    int: "a whole number",
    float: "a number",
    str: "text",
}

Value = bool | int | float | str


class SwitchError(Exception):
    """A switch that does not exist, or a value that it cannot take."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Switch:
    """One behaviour that a test may choose."""

    #: What the control API calls it.
    name: str
    #: What a fresh simulator does; its type is the type of every later value.
    default: Value
    #: One sentence for people: what it does and in which unit.
    meaning: str
    #: The only values allowed, where the type alone says too little.
    choices: tuple[str, ...] = ()

    def accept(self, value: object) -> Value:
        """Return *value* in the type of this switch.

        Raises:
            SwitchError: the value is of another type, negative or not a choice.
        """
        kind = type(self.default)
        if kind is float and type(value) is int:
            value = float(value)
        if type(value) is not kind or not isinstance(value, bool | int | float | str):
            raise SwitchError(f"{self.name} takes {TYPE_NAMES[kind]}, not {value!r}")
        if isinstance(value, int | float) and value < 0:
            raise SwitchError(f"{self.name} cannot be negative")
        if self.choices and value not in self.choices:
            raise SwitchError(f"{self.name} takes one of {', '.join(self.choices)}")
        return value


class Switches:
    """The present values of a table of switches."""

    def __init__(self, table: Iterable[Switch]) -> None:
        self.table = {switch.name: switch for switch in table}
        self.values: dict[str, Value] = {
            switch.name: switch.default for switch in self.table.values()
        }

    def on(self, name: str) -> bool:
        """Tell whether a true-or-false switch is on, or a counter above zero."""
        return bool(self.values[name])

    def number(self, name: str) -> float:
        """Return the value of a numeric switch."""
        return float(self.values[name])

    def text(self, name: str) -> str:
        """Return the value of a switch with choices."""
        return str(self.values[name])

    def take(self, name: str) -> bool:
        """Use up one of the next n of a counting switch; false when none is left."""
        left = int(self.values[name])
        if left <= 0:
            return False
        self.values[name] = left - 1
        return True

    def change(self, wanted: Mapping[str, object]) -> None:
        """Set all of *wanted*, or nothing at all.

        Raises:
            SwitchError: a name is unknown or a value is of the wrong type.
        """
        unknown = sorted(wanted.keys() - self.table.keys())
        if unknown:
            known = ", ".join(sorted(self.table))
            raise SwitchError(f"unknown switch {', '.join(unknown)}; known are {known}")
        accepted = {n: self.table[n].accept(value) for n, value in wanted.items()}
        self.values.update(accepted)
