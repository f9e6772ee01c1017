"""What is special about writing contacts: e-mails, links to accounts, stages."""

from typing import Any, Final

from crosswalk.simulators.freshsales.errors import RefusalError
from crosswalk.simulators.freshsales.fields import check_email
from crosswalk.simulators.freshsales.records import Draft
from crosswalk.simulators.freshsales.selectors import INVALID

#: One public client gives this as the most accounts of a contact (2.3).
MAX_ACCOUNTS: Final = 10

Entry = dict[str, Any]


def set_email(draft: Draft, value: object) -> None:
    """Set the primary e-mail; null takes every e-mail away."""
    if value is None:
        _store(draft, [])
        return
    try:
        address = check_email(value, draft.account.switches)
    except RefusalError as error:
        draft.problems.extend(error.messages)
        return
    entries = _entries(draft)
    primary = next((e for e in entries if _same(e["value"], address)), None)
    if primary is None:
        primary = next((e for e in entries if e["is_primary"]), None)
    if primary is None:
        primary = _entry(draft, address)
        entries.append(primary)
    primary["value"] = address
    _store(draft, entries, primary)


def set_emails(draft: Draft, value: object) -> None:
    """Merge e-mails given as one string or as entries; ``_destroy`` removes one."""
    if not isinstance(value, list):
        set_email(draft, value)
        return
    entries = _entries(draft)
    primary: Entry | None = None
    for given in value:
        try:
            entry = _merge_entry(draft, entries, given)
        except RefusalError as error:
            draft.problems.extend(error.messages)
            continue
        if entry is not None and given.get("is_primary"):
            primary = entry
    _store(draft, entries, primary)


def _merge_entry(draft: Draft, entries: list[Entry], given: object) -> Entry | None:
    """Apply one given entry; None when it was removed."""
    if not isinstance(given, dict):
        raise RefusalError("invalid email address")
    known = next((e for e in entries if e["id"] == given.get("id")), None)
    if known is None:
        address = check_email(given.get("value"), draft.account.switches)
        known = next((e for e in entries if _same(e["value"], address)), None)
    else:
        kept = given.get("value", known["value"])
        address = check_email(kept, draft.account.switches)
    if given.get("_destroy"):
        if known is not None:
            entries.remove(known)
        return None
    if known is None:
        known = _entry(draft, address)
        entries.append(known)
    known["value"] = address
    known["label"] = given.get("label", known["label"])
    return known


def _entries(draft: Draft) -> list[Entry]:
    return [dict(entry) for entry in draft.shown.get("emails", ())]


def _entry(draft: Draft, address: str) -> Entry:
    return {
        "id": next(draft.account.email_ids),
        "value": address,
        "is_primary": False,
        "label": None,
        "_destroy": False,
    }


def _same(one: str, other: str) -> bool:
    return one.casefold() == other.casefold()


def _store(draft: Draft, entries: list[Entry], primary: Entry | None = None) -> None:
    """Keep exactly one primary, which ``email`` mirrors."""
    if primary is None:
        primary = next((e for e in entries if e["is_primary"]), None)
    if primary is None and entries:
        primary = entries[0]
    for entry in entries:
        entry["is_primary"] = entry is primary
    draft.shown["emails"] = entries
    draft.shown["email"] = primary["value"] if primary else None


def set_sales_accounts(draft: Draft, value: object) -> None:
    """Replace the linked accounts; exactly one of them is primary."""
    given = [] if value is None else value
    if not isinstance(given, list) or len(given) > MAX_ACCOUNTS:
        draft.problems.append("Invalid sales accounts provided.")
        return
    links: dict[int, bool] = {}
    for link in given:
        account_id = _number(link.get("id")) if isinstance(link, dict) else None
        if account_id is None or not draft.account.knows("sales_accounts", account_id):
            draft.problems.append("Invalid sales account provided.")
            return
        primary = bool(link.get("is_primary")) and True not in links.values()
        links[account_id] = primary or links.get(account_id, False)
    if links and True not in links.values():
        links[next(iter(links))] = True
    draft.hidden["sales_accounts"] = tuple(links.items())


def set_sales_account_id(draft: Draft, value: object) -> None:
    """Make one account the primary one beside those that are linked."""
    links = dict(draft.hidden.get("sales_accounts", ()))
    links.pop(_number(value), None)
    others = [{"id": account_id} for account_id in links]
    first = [] if value is None else [{"id": value, "is_primary": True}]
    set_sales_accounts(draft, first + others)


def _number(value: object) -> int | None:
    """Read an id that may be spelled as text, as search results spell it."""
    if isinstance(value, str) and value.isdecimal():
        return int(value)
    return value if isinstance(value, int) else None


def settle_contact(draft: Draft) -> None:
    """Fill the defaults of a new contact and refuse a status of another stage."""
    if draft.current is not None and _stages_are_fixed(draft):
        for name in ("lifecycle_stage_id", "contact_status_id"):
            draft.hidden[name] = draft.current.hidden.get(name)
    hidden, selectors = draft.hidden, draft.account.selectors
    if hidden.get("lifecycle_stage_id") is None:
        hidden["lifecycle_stage_id"] = selectors.default_stage()
    statuses = selectors.statuses(hidden["lifecycle_stage_id"])
    if hidden.get("contact_status_id") not in statuses:
        if draft.sent.get("contact_status_id") is not None:
            draft.problems.append(INVALID["contact_statuses"])
        hidden["contact_status_id"] = statuses[0] if statuses else None
    _name(draft)


def _stages_are_fixed(draft: Draft) -> bool:
    return draft.account.switches.text("stage_ids_on_update") == "ignore"


def _name(draft: Draft) -> None:
    """display_name falls back to the e-mail when there is no name."""
    names = (draft.shown.get("first_name"), draft.shown.get("last_name"))
    full = " ".join(name for name in names if name)
    fallback = draft.shown.get("email") or draft.shown.get("mobile_number")
    draft.shown["display_name"] = full or fallback or ""
