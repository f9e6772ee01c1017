"""What every implementation of `crosswalk.ports.Crm` must do."""

import os
from collections.abc import AsyncIterator
from itertools import count
from typing import Final

import pytest

from crosswalk.domain.faults import Fault, RemoteError
from crosswalk.domain.model import CrmRecord, Kind, Lane
from crosswalk.freshsales.gateway import Freshsales, Options
from crosswalk.ports import Crm
from tests.clocks import SkippingClock
from tests.simulated import Simulator

pytestmark = pytest.mark.anyio

WANTED = {
    Kind.PERSON: (
        "first_name",
        "city",
        "email",
        "external_id",
        "tags",
        "lifecycle_stage",
        "sales_accounts",
    ),
    Kind.COMPANY: ("name", "city", "parent_account", "industry_type"),
}

NUMBERS = count(1)


def fresh_email() -> str:
    """Invent an address that no record has."""
    return f"Person.{os.getpid()}.{next(NUMBERS)}@example.com"


async def spend_freely(_: Lane) -> None:
    """Spend a call without asking."""


#: Address and key of a real account; without them only the simulator is tested.
LIVE: Final = {
    "url": os.environ.get("CROSSWALK_LIVE_FRESHSALES_URL", ""),
    "api_key": os.environ.get("CROSSWALK_LIVE_FRESHSALES_API_KEY", ""),
}

IMPLEMENTATIONS: Final = [
    pytest.param("simulator"),
    *([pytest.param("live", marks=pytest.mark.live)] if all(LIVE.values()) else []),
]


@pytest.fixture(params=IMPLEMENTATIONS)
async def crm(
    request: pytest.FixtureRequest, simulated_crm: Simulator
) -> AsyncIterator[Crm]:
    """Speak to each implementation in turn."""
    simulated = {"url": simulated_crm.url, "api_key": "sample-key"}
    async with Freshsales(
        **(LIVE if request.param == "live" else simulated),
        spend=spend_freely,
        clock=SkippingClock(),
        options=Options(wanted=WANTED),
    ) as gateway:
        yield gateway


async def test_a_claim_makes_a_contact_only_once(crm: Crm) -> None:
    """
    Claiming an address twice, in any case, answers one contact that has nothing else.
    """
    email = fresh_email()
    first = await crm.claim(email)
    again = await crm.claim(email.upper())
    assert again.id == first.id
    assert first.external_id is None
    assert first.fields["first_name"] is None


async def test_an_update_answers_the_record_as_stored(crm: Crm) -> None:
    """
    What was sent comes back by its mapping names, and a later reading agrees.
    """
    person = await crm.claim(fresh_email())
    fields = {
        "first_name": "Jane",
        "external_id": person.id,
        "lifecycle_stage": "Customer",
        "tags": ["a", "b"],
    }
    stored = await crm.update(Kind.PERSON, person.id, fields)
    assert {name: stored.fields[name] for name in fields} == fields
    assert stored.external_id == person.id
    assert await crm.read(Kind.PERSON, person.id) == stored


async def test_an_update_leaves_the_rest_alone_and_none_clears(crm: Crm) -> None:
    """
    A field that was not sent keeps its value; one sent as None loses it.
    """
    person = await crm.claim(fresh_email())
    await crm.update(Kind.PERSON, person.id, {"first_name": "Jane", "city": "Bonn"})
    stored = await crm.update(Kind.PERSON, person.id, {"city": None})
    assert (stored.fields["first_name"], stored.fields["city"]) == ("Jane", None)


async def test_companies_are_linked_and_nested(crm: Crm) -> None:
    """
    Accounts have a parent, and contacts have accounts with the primary one first.
    """
    parent = await crm.create(Kind.COMPANY, {"name": fresh_email()})
    child = await crm.create(
        Kind.COMPANY,
        {"name": fresh_email(), "parent_account": parent.id, "industry_type": "Retail"},
    )
    assert child.fields["parent_account"] == parent.id
    assert child.fields["industry_type"] == "Retail"
    person = await crm.claim(fresh_email())
    accounts = [child.id, parent.id]
    linked = await crm.update(Kind.PERSON, person.id, {"sales_accounts": accounts})
    assert linked.fields["sales_accounts"] == accounts


async def test_a_taken_email_is_refused(crm: Crm) -> None:
    """
    Creating a second contact with an e-mail in use is refused, whatever its case.
    """
    email = fresh_email()
    await crm.create(Kind.PERSON, {"email": email, "first_name": "Jane"})
    with pytest.raises(RemoteError) as caught:
        await crm.create(Kind.PERSON, {"email": email.lower()})
    assert (caught.value.fault, caught.value.field) == (Fault.DUPLICATE, "email")


async def test_a_choice_that_does_not_exist_is_refused(crm: Crm) -> None:
    """
    A name that no selector holds is refused with its field.
    """
    person = await crm.claim(fresh_email())
    with pytest.raises(RemoteError) as caught:
        await crm.update(Kind.PERSON, person.id, {"lifecycle_stage": "Nirvana"})
    error = caught.value
    assert (error.fault, error.field) == (Fault.REFUSED, "lifecycle_stage")


async def test_what_is_not_there_is_gone(crm: Crm) -> None:
    """
    Reading an unknown id answers nothing, changing it is refused as gone.
    """
    assert await crm.read(Kind.COMPANY, "1") is None
    with pytest.raises(RemoteError) as caught:
        await crm.update(Kind.COMPANY, "1", {"name": "Nobody"})
    assert caught.value.fault is Fault.GONE


async def test_bulk_calls_name_the_rows_that_failed(crm: Crm) -> None:
    """
    Good rows are stored although others are refused, each with its own error.
    """
    emails = [fresh_email(), "no address", fresh_email()]
    claimed = await crm.bulk_claim(emails)
    assert (list(claimed.refused), claimed.unnamed) == ([1], 0)
    people = [await crm.claim(emails[0]), await crm.claim(emails[2])]
    changed = await crm.bulk_update(
        Kind.PERSON,
        [
            (people[0].id, {"city": "Bonn"}),
            (people[1].id, {"lifecycle_stage": "Nirvana"}),
            ("1", {"city": "Ulm"}),
        ],
    )
    assert {n: e.fault for n, e in changed.refused.items()} == {
        1: Fault.REFUSED,
        2: Fault.GONE,
    }
    stored = await crm.read(Kind.PERSON, people[0].id)
    assert stored is not None
    assert stored.fields["city"] == "Bonn"


async def test_a_bulk_call_without_rows_does_nothing(crm: Crm) -> None:
    """
    No rows, no job.
    """
    assert await crm.bulk_claim([]) == await crm.bulk_update(Kind.PERSON, [])


async def test_a_listing_has_every_record_the_last_one_first(crm: Crm) -> None:
    """
    Pages go on until one is empty, and no record is listed twice.
    """
    await crm.create(Kind.COMPANY, {"name": fresh_email()})
    listed: list[CrmRecord] = []
    for number in count(1):
        page = await crm.page(Kind.COMPANY, number)
        listed.extend(page.records)
        if not page.more:
            break
    moments = [record.updated_at for record in listed]
    assert moments == sorted(moments, reverse=True)
    assert len({record.id for record in listed}) == len(listed)


async def test_the_schema_speaks_in_mapping_names(crm: Crm) -> None:
    """
    Standard fields, references with their choices, and links are described.
    """
    fields = await crm.schema(Kind.PERSON)
    assert {"first_name", "email", "lifecycle_stage", "sales_accounts"} <= set(fields)
    assert "Customer" in fields["lifecycle_stage"].choices


async def test_another_lane_speaks_to_the_same_account(crm: Crm) -> None:
    """
    A record made in one lane is seen in another.
    """
    person = await crm.on(Lane.BACKFILL).claim(fresh_email())
    assert await crm.on(Lane.LIVE).read(Kind.PERSON, person.id) is not None
