"""Timestamps in the one spelling that the API stores: milliseconds and a Z."""

from datetime import UTC, datetime


def normal_moment(text: str) -> str | None:
    """Spell an ISO 8601 timestamp as the API stores it; None when it is none."""
    if len(text) < 11 or text[10] != "T":
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    if moment.tzinfo is None:
        return None
    spelled = moment.astimezone(UTC).isoformat(timespec="milliseconds")
    return spelled.removesuffix("+00:00") + "Z"
