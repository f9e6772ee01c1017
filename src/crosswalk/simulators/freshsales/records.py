"""A record of any module, and a draft of its next state."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from crosswalk.simulators.freshsales.account import Account
from crosswalk.simulators.freshsales.errors import RefusalError
from crosswalk.simulators.freshsales.fields import CHECKS, DROPPED, Field
from crosswalk.simulators.freshsales.selectors import INVALID


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One record as it is stored; replaced, never changed."""

    id: int
    #: Values that every answer shows, only those that differ from the blank record.
    shown: Mapping[str, Any]
    #: Values that only include= brings out: references and ``sales_accounts``.
    hidden: Mapping[str, Any]
    #: Unix times.
    created_at: float
    updated_at: float

    @property
    def custom(self) -> Mapping[str, Any]:
        """The custom fields that were ever set."""
        values: Mapping[str, Any] = self.shown["custom_field"]
        return values

    def value(self, name: str) -> Any:  # noqa: ANN401 whatever the field holds
        """Return the value of a field of any kind; None when it has none."""
        if name.startswith("cf_"):
            return self.custom.get(name)
        if name in self.shown:
            return self.shown[name]
        return self.hidden.get(name)


@dataclass(slots=True, kw_only=True)
class Draft:
    """The next state of a record, built key by key from what a client sent."""

    account: Account
    #: The module's path word, such as "contacts".
    module: str
    #: The record as it is; None while it is being created.
    current: Record | None
    #: What the client sent.
    sent: Mapping[str, Any] = field(default_factory=dict)
    shown: dict[str, Any] = field(default_factory=dict)
    hidden: dict[str, Any] = field(default_factory=dict)
    #: Texts of what is wrong; a draft with problems is refused as a whole.
    problems: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        if self.current is not None:
            self.shown = dict(self.current.shown)
            self.hidden = dict(self.current.hidden)
        self.shown.setdefault("custom_field", {})

    def set(self, spec: Field, value: Any) -> None:  # noqa: ANN401 JSON
        """Take *value* for a standard field, or note what is wrong with it."""
        if spec.target:
            self._refer(spec, value)
            return
        stored = self.checked(spec, value)
        if stored is not DROPPED:
            self.shown[spec.name] = stored

    def set_custom(self, values: object) -> None:
        """Take the custom fields of a write; merged or replaced as a switch says."""
        if not isinstance(values, dict):
            self.problems.append("Invalid value for custom_field")
            return
        switches = self.account.switches
        replace = switches.text("custom_field_update") == "replace"
        stored = {} if replace else dict(self.shown["custom_field"])
        fields = self.account.fields[self.module].by_name
        for name, value in values.items():
            spec = fields.get(name)
            if spec is None or not spec.custom:
                if switches.text("unknown_custom_field") == "refuse":
                    self.problems.append(f"Invalid field {name}")
                continue
            checked = self.checked(spec, value)
            if checked is not DROPPED:
                stored[name] = checked
        self.shown["custom_field"] = stored

    def checked(self, spec: Field, value: Any) -> Any:  # noqa: ANN401 JSON
        """Return *value* as stored, or note the problem and drop it; null clears."""
        if value is None:
            return None
        try:
            return CHECKS[spec.type](spec, value, self.account.switches)
        except RefusalError as error:
            self.problems.extend(error.messages)
            return DROPPED

    def equals(self, record: Record) -> bool:
        """Tell whether storing the draft would change nothing."""
        return self.shown == record.shown and self.hidden == record.hidden

    def _refer(self, spec: Field, value: object) -> None:
        if value is None or self.account.knows(spec.target, value):
            self.hidden[spec.name] = value
        else:
            fallback = f"Invalid {spec.label.lower()} provided."
            self.problems.append(INVALID.get(spec.target, fallback))
