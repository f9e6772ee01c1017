"""The living shop."""

import itertools
from typing import Any

from crosswalk.simulators.sample import ShopChange, Truth, changes

Records = dict[str, list[dict[str, Any]]]


def test_changes_repeat_with_the_seed() -> None:
    """
    One seed gives one course of events.
    """

    def course(seed: int) -> list[ShopChange]:
        return list(itertools.islice(changes(seed=seed, customers=300), 50))

    assert course(1) == course(1)
    assert course(1) != course(2)


def test_only_records_without_a_question_change(
    some: list[ShopChange], truth: Truth
) -> None:
    """
    Nobody changes who waits for a person or cannot be written in full.
    """
    waiting = {customer for customer, _ in truth.ambiguous + truth.conflicts}
    waiting |= {customer for pair in truth.twins for customer in pair}
    waiting |= {*truth.dropped_tiers, *truth.unicode_emails}
    assert not waiting & {change.id for change in some}


def test_changes_are_of_records_that_exist(
    some: list[ShopChange], shop: Records
) -> None:
    """
    A change names a record of its resource, and an address that the record has.
    """
    known = {
        name: {r["id"]: r for r in shop[name]} for name in shop if name != "project"
    }
    for change in some:
        record = known[change.resource][change.id]
        for action in change.actions:
            if action["action"] == "changeAddress":
                ids = [address["id"] for address in record["addresses"]]
                assert ids == [action["addressId"]]
            if action["action"] == "setCustomField":
                assert "custom" in record


def test_every_way_to_change_occurs(some: list[ShopChange]) -> None:
    """
    E-mails, names, addresses, fields and units change, mapped or not.
    """
    actions = {action["action"] for change in some for action in change.actions}
    unmapped = {a["name"] for c in some if not c.mapped for a in c.actions}
    assert actions == {
        "changeEmail",
        "setLastName",
        "changeAddress",
        "setCustomField",
        "setDateOfBirth",
        "setContactEmail",
    }
    assert unmapped == {"shoeSize", "birthdayClub"}
    assert {change.resource for change in some} == {"customers", "business-units"}


def test_an_empty_shop_does_not_change() -> None:
    """
    Where there is nobody, nothing happens.
    """
    assert list(changes(seed=1, customers=0)) == []
