"""One entity on its way through a batch."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from crosswalk.domain.faults import RemoteError
from crosswalk.domain.mapping import Mapped
from crosswalk.domain.model import (
    CrmRecord,
    Document,
    Fields,
    Json,
    Link,
    Ref,
    ShopRecord,
)
from crosswalk.domain.plan import Plan
from crosswalk.engine.outcomes import Outcome
from crosswalk.store.journal import Intent
from crosswalk.store.pending import PendingRow


@dataclass(slots=True, kw_only=True)
class Case:
    """What is known of an entity so far; each step of the batch adds its part.

    A case with an outcome has reached its end: later steps pass it by.
    """

    row: PendingRow
    #: The entity.
    ref: Ref = field(init=False)
    #: Calls that an earlier, crashed batch announced and did not conclude.
    in_doubt: Sequence[Intent] = ()
    #: What a person ruled about its identity: "create", "ignore" or nothing.
    ruling: str | None = None
    record: ShopRecord | None = None
    link: Link | None = None
    #: The link as the store had it when the batch began.
    known_link: Link | None = None
    #: The crm record as last seen, where it was seen.
    crm: CrmRecord | None = None
    #: What the shop says of every mapped field, in the CRM's terms.
    mapped: Mapped = field(default_factory=lambda: Mapped(values={}))
    plan: Plan | None = None
    #: What is sent, our own id included.
    sent: Fields = field(default_factory=dict)
    #: Number of the journal row that announced its claim, and its write; 0 for none.
    claim: int = 0
    write: int = 0
    #: The crm record as the write's answer tells it.
    answer: CrmRecord | None = None
    #: Why the write failed.
    error: RemoteError | None = None
    #: Whether the answer showed that somebody else had changed the crm record.
    touched: bool = False
    #: Key of the entity whose crm record our claim got: its e-mail may be respelled.
    disturbed: str | None = None
    outcome: Outcome | None = None

    def __post_init__(self) -> None:
        """Read the entity's key once: every step asks for it."""
        self.ref = self.row.ref

    @property
    def cause(self) -> str:
        """What brought it about: the newest notice that it answers."""
        return f"ledger {self.row.ledger}"

    @property
    def document(self) -> Document:
        """What the shop's record says; empty when it was not read."""
        return self.record.document if self.record else {}

    def extend(self, facts: Mapping[str, Json]) -> None:
        """Add to the document what only we know."""
        if self.record:
            document = {**self.record.document, **facts}
            self.record = replace(self.record, document=document)


def still_open(cases: Iterable[Case]) -> list[Case]:
    """Leave out those that have reached their end."""
    return [case for case in cases if case.outcome is None]
