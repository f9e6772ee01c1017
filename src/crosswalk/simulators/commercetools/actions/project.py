"""The settings of the project itself."""

from collections.abc import Callable
from typing import Final

from crosswalk.simulators.commercetools.changes import (
    Action,
    Actions,
    Arguments,
    Change,
    setter,
)
from crosswalk.simulators.commercetools.shapes import (
    country,
    filled,
    flag,
    many,
    may,
    need,
    one_of,
    structure,
    text,
    whole,
)

_search_status = one_of("Activated", "Deactivated")
_unit_status = one_of("Active", "Inactive")
_messages = structure(
    {"enabled": need(flag), "deleteDaysAfterCreation": may(whole(1, 90))}
)


def _change_messages(change: Change, arguments: Arguments) -> None:
    default = {"deleteDaysAfterCreation": 15}
    change.set("messages", {**default, **arguments["messagesConfiguration"]})


def _enable_messages(change: Change, arguments: Arguments) -> None:
    change.record["messages"]["enabled"] = arguments["messagesEnabled"]


def _change_unit_status(change: Change, arguments: Arguments) -> None:
    settings = change.record["businessUnits"]
    settings["myBusinessUnitStatusOnCreation"] = arguments["status"]


def _set_search(name: str) -> Callable[[Change, Arguments], None]:
    def run(change: Change, arguments: Arguments) -> None:
        change.record["searchIndexing"][name] = {"status": arguments["status"]}

    return run


_STATUS: Final = {"status": need(_search_status)}

PROJECT_ACTIONS: Final[Actions] = {
    "changeName": setter("name", need(filled)),
    "changeCountries": setter("countries", need(many(country))),
    "changeCurrencies": setter("currencies", need(many(text))),
    "changeLanguages": setter("languages", need(many(text))),
    "changeMessagesConfiguration": Action(
        fields={"messagesConfiguration": need(_messages)}, run=_change_messages
    ),
    "changeMessagesEnabled": Action(
        fields={"messagesEnabled": need(flag)}, run=_enable_messages
    ),
    "changeCustomerSearchStatus": Action(fields=_STATUS, run=_set_search("customers")),
    "changeBusinessUnitSearchStatus": Action(
        fields=_STATUS, run=_set_search("businessUnits")
    ),
    "changeOrderSearchStatus": Action(fields=_STATUS, run=_set_search("orders")),
    "changeMyBusinessUnitStatusOnCreation": Action(
        fields={"status": need(_unit_status)}, run=_change_unit_status
    ),
}
