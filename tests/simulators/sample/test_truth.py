"""The CRM's side of the sample, and what must come of both."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Any

import pytest

from crosswalk.simulators.sample import Truth, crm_records, ground_truth, shop_records
from crosswalk.simulators.sample.fields import FIELDS

Record = dict[str, Any]
Records = dict[str, list[Record]]

SIZES = [200, 1234]


def _judge(customers: list[Record], contacts: list[Record]) -> dict[str, set[object]]:
    """Match customers with contacts in the plainest way that can be right."""
    by_id = {contact["external_id"]: contact["id"] for contact in contacts}
    by_email = _by_email(
        (entry["value"], contact) for contact in contacts for entry in contact["emails"]
    )
    sharing = _by_email((customer["email"], customer) for customer in customers)
    judged: dict[str, set[object]] = defaultdict(set)
    for customer in customers:
        identity, email = customer["id"], customer["email"].casefold()
        found = tuple(contact["id"] for contact in by_email[email])
        if identity in by_id:
            judged["id"].add((identity, by_id[identity]))
        elif len(found) > 1:
            judged["ambiguous"].add((identity, found))
        elif found:
            kind = "conflict" if by_email[email][0]["external_id"] else "email"
            judged[kind].add((identity, found[0]))
        elif len(sharing[email]) > 1:
            judged["twins"].add(frozenset(one["id"] for one in sharing[email]))
    return judged


def _by_email(pairs: Iterable[tuple[str, Record]]) -> dict[str, list[Record]]:
    found: dict[str, list[Record]] = defaultdict(list)
    for email, record in pairs:
        found[email.casefold()].append(record)
    return found


@pytest.mark.parametrize("customers", SIZES)
def test_the_truth_is_what_the_records_say(customers: int) -> None:
    """
    A plain matcher that reads only the two streams finds every case of the truth.
    """
    truth = ground_truth(seed=5, customers=customers)
    shop = list(shop_records(seed=5, customers=customers))
    crm = list(crm_records(seed=5, customers=customers))
    contacts = [c for resource, c in crm if resource == "contacts"]
    alive = [contact for contact in contacts if not contact["is_deleted"]]
    judged = _judge([c for resource, c in shop if resource == "customers"], alive)
    assert judged["id"] == set(truth.linked_by_id)
    assert judged["email"] == set(truth.linked_by_email)
    assert judged["ambiguous"] == set(truth.ambiguous)
    assert judged["conflict"] == set(truth.conflicts)
    assert judged["twins"] == set(map(frozenset, truth.twins))
    assert truth.contacts_before == len(alive)
    assert truth.contacts_deleted == len(contacts) - len(alive)


@pytest.mark.parametrize("customers", SIZES)
def test_units_meet_accounts_as_the_truth_says(customers: int) -> None:
    """
    Accounts carry the keys and names of exactly the units that the truth lists.
    """
    truth = ground_truth(seed=5, customers=customers)
    crm = crm_records(seed=5, customers=customers)
    accounts = {a["id"]: a for resource, a in crm if resource == "sales_accounts"}
    shop = shop_records(seed=5, customers=customers)
    names = {
        u["key"]: u["name"] for resource, u in shop if resource == "business-units"
    }
    keyed = {
        (account["custom_field"]["cf_commercetools_id"], account_id)
        for account_id, account in accounts.items()
        if account["custom_field"]
    }
    assert keyed == set(truth.units_linked)
    assert truth.accounts_before == len(accounts)
    for key, found in truth.units_namesakes:
        assert {accounts[account_id]["name"] for account_id in found} == {names[key]}


def test_the_counts_add_up(truth: Truth) -> None:
    """
    Every customer is linked, created or in review.
    """
    linked = len(truth.linked_by_id) + len(truth.linked_by_email)
    assert (linked, truth.in_review, truth.contacts_created) == (22, 10, 168)
    assert truth.contacts_at_end == truth.contacts_before + 168
    assert truth.accounts_at_end == truth.accounts_before + truth.units - 2


def test_twins_are_in_different_stores(shop: Records, truth: Truth) -> None:
    """
    Two customers with one e-mail are each in one store, not in the same.
    """
    customers = {record["id"]: record for record in shop["customers"]}
    for first, second in truth.twins:
        stores = [customers[one]["stores"] for one in (first, second)]
        assert [len(keys) for keys in stores] == [1, 1]
        assert stores[0] != stores[1]


def test_nobody_else_shares_an_email(shop: Records, truth: Truth) -> None:
    """
    Apart from the twins, no two customers have one e-mail in any case.
    """
    emails = Counter(record["email"].casefold() for record in shop["customers"])
    assert sorted(emails.values())[-5:] == [1, 2, 2, 2, 2]
    assert len(truth.twins) == 4


def test_a_match_by_email_is_in_another_case(
    shop: Records, crm: Records, truth: Truth
) -> None:
    """
    The contact's address differs from the customer's in case, and in nothing else.
    """
    emails = {record["id"]: record["email"] for record in shop["customers"]}
    contacts = {contact["id"]: contact["email"] for contact in crm["contacts"]}
    for customer, contact in truth.linked_by_email:
        assert emails[customer] != contacts[contact]
        assert emails[customer].casefold() == contacts[contact].casefold()


def test_primary_emails_are_unique_in_the_crm(crm: Records) -> None:
    """
    No two contacts have one primary e-mail: the CRM would refuse it.
    """
    emails = Counter(contact["email"].casefold() for contact in crm["contacts"])
    assert set(emails.values()) == {1}


def test_people_left_their_marks(crm: Records) -> None:
    """
    Contacts and accounts carry tags and values that only people write.
    """
    for name in ("tags", "job_title", "work_number", "sales_accounts"):
        assert sum(bool(contact[name]) for contact in crm["contacts"]) > 3
    assert any(account["tags"] for account in crm["sales_accounts"])


def test_accounts_share_names(crm: Records) -> None:
    """
    Some accounts have a name in common, and ids of twelve digits.
    """
    names = Counter(account["name"] for account in crm["sales_accounts"])
    assert sum(count > 1 for count in names.values()) > 1
    records = crm["sales_accounts"] + crm["contacts"]
    assert {len(str(record["id"])) for record in records} == {12}
    assert len({record["id"] for record in records}) == len(records)


def test_contacts_point_at_accounts_that_exist(crm: Records) -> None:
    """
    A contact's account is there before the contact, and its owner, too.
    """
    accounts = {account["id"] for account in crm["sales_accounts"]}
    owners = {owner["id"] for owner in crm["owners"]}
    for contact in crm["contacts"]:
        assert {link["id"] for link in contact["sales_accounts"]} <= accounts
        assert contact["owner_id"] in owners


def test_every_custom_field_is_seeded(crm: Records) -> None:
    """
    The account has all fields of the table; its tiers lack the shop's platinum.
    """
    fields = {(field["module"], field["name"]): field for field in crm["fields"]}
    expected = {(module, name) for module in FIELDS for name in FIELDS[module]}
    assert fields.keys() == expected
    assert len(expected) == 28
    tiers = fields["contacts", "cf_loyalty_tier"]["choices"]
    assert tiers == ["bronze", "silver", "gold"]


def test_special_values_are_listed(shop: Records, truth: Truth) -> None:
    """
    The truth lists whose tier is dropped and whose e-mail is internationalised.
    """
    platinum = [
        record["id"]
        for record in shop["customers"]
        if record.get("custom", {}).get("fields", {}).get("loyaltyTier") == "platinum"
    ]
    unicode = [
        record["id"]
        for record in shop["customers"]
        if not record["email"].partition("@")[0].isascii()
    ]
    assert platinum == list(truth.dropped_tiers)
    assert len(platinum) == 1
    assert unicode == list(truth.unicode_emails)
