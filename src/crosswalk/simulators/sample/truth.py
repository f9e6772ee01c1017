"""What must come of the sample, known without looking at any sync."""

from collections.abc import Iterator
from dataclasses import dataclass

from crosswalk.simulators.sample.crm import (
    MET_COUNT,
    STRANGE_COUNT,
    UNIT_MET_COUNT,
    account_id,
    contact_id,
)
from crosswalk.simulators.sample.customers import customer_id
from crosswalk.simulators.sample.people import first_customer, second_customer
from crosswalk.simulators.sample.rates import (
    CUSTOMS,
    MEETINGS,
    SPELLINGS,
    STRANGE_ACCOUNTS,
    STRANGERS,
    UNIT_MEETINGS,
    Custom,
    Meeting,
    Spelling,
    Stranger,
    UnitMeeting,
)
from crosswalk.simulators.sample.units import unit_count, unit_key


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """The outcome that tests and the demo hold a sync to.

    Customers are named by id, units by key, contacts and accounts by id. A pair
    of customers with one e-mail is one new contact: whichever comes second waits
    for a person. Names are no identity: a unit whose name an account without our
    key has still gets an account of its own.
    """

    customers: int
    units: int
    #: Contacts and accounts before the first sync, without deleted ones.
    contacts_before: int
    accounts_before: int
    #: Contacts in the recycle bin; no customer has anything to do with them.
    contacts_deleted: int
    #: Customer and the contact that carries its id.
    linked_by_id: tuple[tuple[str, int], ...]
    #: Customer and the contact that has its e-mail in another case.
    linked_by_email: tuple[tuple[str, int], ...]
    #: Customer and the two contacts that carry its e-mail.
    ambiguous: tuple[tuple[str, tuple[int, int]], ...]
    #: Customer and the contact with its e-mail and the id of another system.
    conflicts: tuple[tuple[str, int], ...]
    #: Two customers of different stores with one e-mail.
    twins: tuple[tuple[str, str], ...]
    #: Customers with a loyalty tier that the CRM silently drops.
    dropped_tiers: tuple[str, ...]
    #: Customers whose e-mail has letters beyond ASCII before the at sign.
    unicode_emails: tuple[str, ...]
    #: Unit and the account that carries its key.
    units_linked: tuple[tuple[str, int], ...]
    #: Unit and the accounts that have its name, but not its key.
    units_namesakes: tuple[tuple[str, tuple[int, ...]], ...]

    @property
    def in_review(self) -> int:
        """How many customers wait for a person: nothing is written for them."""
        return len(self.ambiguous) + len(self.conflicts) + len(self.twins)

    @property
    def contacts_created(self) -> int:
        """How many customers get a contact of their own."""
        linked = len(self.linked_by_id) + len(self.linked_by_email)
        return self.customers - linked - self.in_review

    @property
    def contacts_at_end(self) -> int:
        """How many contacts the CRM holds in the end, without deleted ones."""
        return self.contacts_before + self.contacts_created

    @property
    def accounts_at_end(self) -> int:
        """How many accounts the CRM holds in the end."""
        return self.accounts_before + self.units - len(self.units_linked)


def ground_truth(*, seed: int, customers: int) -> Truth:
    """Work out what must come of a sample of so many customers."""
    units = unit_count(customers)
    strangers = [STRANGERS.at(seed, index) for index in range(customers)]
    met = sum(MET_COUNT[MEETINGS.at(seed, index)] for index in range(customers))
    return Truth(
        customers=customers,
        units=units,
        contacts_before=met + strangers.count(Stranger.KEPT),
        accounts_before=sum(_accounts(seed, number) for number in range(units)),
        contacts_deleted=strangers.count(Stranger.DELETED),
        linked_by_id=tuple(_met(seed, customers, Meeting.BY_ID)),
        linked_by_email=tuple(_met(seed, customers, Meeting.BY_EMAIL)),
        ambiguous=tuple(
            (customer, (contact, contact + 1))
            for customer, contact in _met(seed, customers, Meeting.AMBIGUOUS)
        ),
        conflicts=tuple(_met(seed, customers, Meeting.CONFLICT)),
        twins=tuple(_twins(seed, customers)),
        dropped_tiers=tuple(
            customer_id(seed, index)
            for index in range(customers)
            if CUSTOMS.at(seed, index) is Custom.PLATINUM
        ),
        unicode_emails=tuple(
            customer_id(seed, index)
            for index in range(customers)
            if SPELLINGS.at(seed, first_customer(seed, index)) is Spelling.UNICODE_LOCAL
        ),
        units_linked=tuple(
            (unit_key(number), account_id(number))
            for number in range(units)
            if UNIT_MEETINGS.at(seed, number) is UnitMeeting.BY_KEY
        ),
        units_namesakes=tuple(_namesakes(seed, units)),
    )


def _met(seed: int, customers: int, meeting: Meeting) -> Iterator[tuple[str, int]]:
    for index in range(customers):
        if MEETINGS.at(seed, index) is meeting:
            yield customer_id(seed, index), contact_id(index)


def _twins(seed: int, customers: int) -> Iterator[tuple[str, str]]:
    for index in range(customers):
        second = second_customer(seed, index)
        if second is not None and second < customers:
            yield customer_id(seed, index), customer_id(seed, second)


def _accounts(seed: int, number: int) -> int:
    met = UNIT_MET_COUNT[UNIT_MEETINGS.at(seed, number)]
    return met + STRANGE_COUNT[STRANGE_ACCOUNTS.at(seed, number)]


def _namesakes(seed: int, units: int) -> Iterator[tuple[str, tuple[int, ...]]]:
    for number in range(units):
        meeting = UNIT_MEETINGS.at(seed, number)
        if meeting in {UnitMeeting.NAMESAKE, UnitMeeting.NAMESAKES}:
            count = UNIT_MET_COUNT[meeting]
            yield (
                unit_key(number),
                tuple(account_id(number, place) for place in range(count)),
            )
