"""Selectors: the lists an administrator keeps, with Freshsales' stock entries."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

Row = dict[str, Any]

#: Stock lifecycle stages and the statuses of each.
STAGES: Final = {
    "Lead": ("New", "Contacted", "Interested", "Unqualified"),
    "Sales Qualified Lead": ("Qualified", "Lost"),
    "Customer": ("Won", "Churned"),
}

#: Stock pipeline: stage, probability, forecast type.
DEAL_STAGES: Final = (
    ("New", 20, "Open"),
    ("Qualification", 30, "Open"),
    ("Discovery", 40, "Open"),
    ("Demo", 60, "Open"),
    ("Negotiation", 80, "Open"),
    ("Won", 100, "Closed Won"),
    ("Lost", 0, "Closed Lost"),
)

ACTIVITY_TYPES: Final = (
    ("Chat", "chat"),
    ("Phone", "phone"),
    ("Meeting", "appointment"),
    ("Task", "task"),
    ("Email", "email"),
    ("SMS Outgoing", "sms_outgoing"),
    ("Reminder", "reminder"),
    ("SMS Incoming", "sms_incoming"),
)

OWNERS: Final = ("API User", "Sam Sales", "Robin Rep")

#: Selectors whose entries are just names.
PLAIN: Final[Mapping[str, tuple[str, ...]]] = {
    "territories": ("EMEA", "Americas", "APAC"),
    "lead_sources": ("Web", "Email", "Referral", "Organic Search"),
    "campaigns": ("Newsletter", "Summer sale"),
    "industry_types": ("Retail", "Manufacturing", "Services"),
    "business_types": ("Partner", "Competitor", "Customer"),
    "deal_reasons": ("Price", "No response"),
    "deal_types": ("New Business", "Existing Business"),
    "deal_payment_statuses": ("Pending", "Paid"),
    "deal_products": (),
    "designations": (),
    "sales_activity_outcomes": ("Interested", "Left message", "No response"),
    "sales_activity_entity_types": ("Contact", "SalesAccount", "Deal"),
}

#: Ids of stock entries begin here, a thousand apart per selector.
FIRST_ID: Final = 71_010_000_000

#: Text of the refusal of an id that a selector does not hold; see the contract.
INVALID: Final[Mapping[str, str]] = {
    "contact_statuses": "Invalid contact status provided.",
    "lifecycle_stages": "Invalid lifecycle stage provided.",
}


class Selectors:
    """The entries of every selector, by name and id."""

    def __init__(self) -> None:
        self._rows: dict[str, dict[int, Row]] = {}
        for n, (name, rows) in enumerate(_stock().items()):
            first = FIRST_ID + n * 1000
            self._rows[name] = {}
            for position, row in enumerate(rows, 1):
                self.add(name, {"id": first + position, "position": position, **row})

    @property
    def names(self) -> Iterable[str]:
        """The names of all selectors."""
        return self._rows

    def add(self, name: str, row: Row) -> None:
        """Add an entry, or replace the one with its id."""
        entry = dict(row)
        stage_id = entry.pop("lifecycle_stage_id", None)
        if name == "lifecycle_stages":
            entry.setdefault("contact_status_ids", [])
        self._rows[name][entry["id"]] = entry
        if stage_id is not None:
            self._join_stage(entry["id"], stage_id)

    def get(self, name: str, entry_id: object) -> Row | None:
        """Return one entry; None when the selector has no such id."""
        return self._rows[name].get(entry_id) if isinstance(entry_id, int) else None

    def rows(self, name: str) -> list[Row]:
        """Return all entries of a selector in their order."""
        return list(self._rows[name].values())

    def default_stage(self) -> int:
        """Return the lifecycle stage of a new contact."""
        stages = self.rows("lifecycle_stages")
        return int(next((s for s in stages if s.get("default")), stages[0])["id"])

    def statuses(self, stage_id: int) -> list[int]:
        """Return the contact statuses of a lifecycle stage, the first one first."""
        stage = self._rows["lifecycle_stages"][stage_id]
        return list(stage.get("contact_status_ids", ()))

    def _join_stage(self, status_id: int, stage_id: int) -> None:
        """A status is listed by its stage; its own row does not say which."""
        stage = self._rows["lifecycle_stages"].get(stage_id)
        if stage is not None and status_id not in stage["contact_status_ids"]:
            stage["contact_status_ids"].append(status_id)


def _stock() -> dict[str, list[Row]]:
    """Return the entries of a fresh account; ids and positions come later."""
    stage_ids = {name: FIRST_ID + 1000 + n for n, name in enumerate(STAGES, 1)}
    pipeline_id = FIRST_ID + 4001
    return {
        "owners": [_owner(name) for name in OWNERS],
        "lifecycle_stages": [_stage(name) for name in STAGES],
        "contact_statuses": [
            {"partial": True, "name": status, "lifecycle_stage_id": stage_ids[stage]}
            for stage, statuses in STAGES.items()
            for status in statuses
        ],
        "deal_stages": [
            _deal_stage(name, probability, forecast, pipeline_id)
            for name, probability, forecast in DEAL_STAGES
        ],
        "deal_pipelines": [
            {"name": "Default Pipeline", "is_default": True, "rotting_days": 30}
        ],
        "currencies": [_currency("EUR", 1.0), _currency("USD", 1.08)],
        "sales_activity_types": [
            _activity_type(name, internal) for name, internal in ACTIVITY_TYPES
        ],
    } | {
        name: [{"partial": True, "name": entry} for entry in entries]
        for name, entries in PLAIN.items()
    }


def _owner(name: str) -> Row:
    mailbox = name.lower().replace(" ", ".")
    return {
        "display_name": name,
        "email": f"{mailbox}@crm.example",
        "is_active": True,
        "work_number": None,
        "mobile_number": None,
    }


def _stage(name: str) -> Row:
    return {
        "name": name,
        "disabled": False,
        "default": name == "Lead",
        "type": name,
    }


def _deal_stage(name: str, probability: int, forecast: str, pipeline_id: int) -> Row:
    return {
        "partial": True,
        "name": name,
        "forecast_type": forecast,
        "updated_at": "2026-01-01T00:00:00Z",
        "deal_pipeline_id": pipeline_id,
        "choice_type": 1,
        "probability": probability,
    }


def _currency(code: str, rate: float) -> Row:
    return {
        "is_active": True,
        "currency_code": code,
        "exchange_rate": str(rate),
        "currency_type": 1 if rate == 1.0 else 2,
        "schedule_info": None,
    }


def _activity_type(name: str, internal: str) -> Row:
    return {
        "partial": True,
        "name": name,
        "internal_name": internal,
        "show_in_conversation": True,
        "is_default": True,
        "is_checkedin": False,
    }
