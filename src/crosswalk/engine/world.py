"""What the engine works with: both sides, the store, the rules, time and chance."""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from crosswalk.domain.context import Context
from crosswalk.domain.mapping import FieldMap
from crosswalk.domain.model import Document, Kind
from crosswalk.engine.combiner import Combiner
from crosswalk.engine.intake import Intake
from crosswalk.engine.quota import CallQuota
from crosswalk.ports import Clock, Crm, Shop, Wake
from crosswalk.store.database import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """The configuration as the engine needs it; one value for a whole batch."""

    maps: Mapping[Kind, FieldMap]
    #: Match rules in order.
    match: Mapping[Kind, tuple[str, ...]]
    #: The crm field that holds our id.
    id_field: Mapping[Kind, str]
    #: Whether a second shop customer with one e-mail joins the contact of the first.
    join_shared: bool
    #: The circumstances that a document's values are read in.
    context: Callable[[Document], Context]
    partitions: int
    #: Seconds a change is given to become readable before a poll trusts a listing.
    settle: float
    #: Seconds that each poll looks back over the end of the one before.
    overlap: float
    #: Names this configuration in the journal.
    hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """Everything the engine works with."""

    database: Database
    shop: Shop
    crm: Crm
    combiner: Combiner
    intake: Intake
    wake: Wake
    quota: CallQuota
    clock: Clock
    chance: random.Random
    rules: Rules
