"""One change of one record, from the request to the moment before it is stored."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from crosswalk.simulators.commercetools.errors import (
    invalid_field,
    invalid_json,
    required_field,
)
from crosswalk.simulators.commercetools.shapes import Field, Fields, read_fields
from crosswalk.simulators.commercetools.world import World


@dataclass(slots=True, kw_only=True)
class Change:
    """A record that is being changed; nobody else sees it yet."""

    world: World
    record: dict[str, Any]
    #: What the messages of this resource begin with: "Customer".
    family: str
    #: The messages to be raised when the change is stored: type and payload.
    said: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    def say(self, message: str, **payload: object) -> None:
        """Raise the message *family* + *message*; payload that is None is left out."""
        known = {name: one for name, one in payload.items() if one is not None}
        self.said.append((self.family + message, known))

    def set(self, name: str, value: object) -> bool:
        """Set a field, or remove it with None; false when that changes nothing."""
        if self.record.get(name) == value:
            return False
        if value is None:
            del self.record[name]
        else:
            self.record[name] = value
        return True


Arguments = dict[str, Any]
Run = Callable[[Change, Arguments], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """An update action: the fields that it takes and what it does."""

    fields: Fields
    run: Run


Actions = Mapping[str, Action]


def setter(field_name: str, shape: Field, message: str | None = None) -> Action:
    """Return the action that sets one field, and raises *message* if it changed."""

    def run(change: Change, arguments: Arguments) -> None:
        value = arguments.get(field_name)
        if change.set(field_name, value) and message:
            change.say(message, **{field_name: value})

    return Action(fields={field_name: shape}, run=run)


#: As the vendor's Checkout limits page states for one request.
MOST_ACTIONS: Final = 500


def run_actions(change: Change, requested: list[Any], actions: Actions) -> None:
    """Run the *requested* actions in their order.

    Raises:
        ApiError: one of them is refused; the change is then worth nothing.
    """
    if len(requested) > MOST_ACTIONS:
        raise invalid_json(f"actions: at most {MOST_ACTIONS}")
    for body in requested:
        if not isinstance(body, dict):
            raise invalid_json("actions: expected objects")
        name = body.get("action")
        if name is None:
            raise required_field("action")
        if not isinstance(name, str) or name not in actions:
            raise invalid_field("action", name, allowed=sorted(actions))
        action = actions[name]
        given = {key: value for key, value in body.items() if key != "action"}
        arguments = read_fields(change.world, "", given, fields=action.fields)
        action.run(change, arguments)
