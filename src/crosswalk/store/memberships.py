"""Which people belong to which company, so that both know when the other changes."""

from collections.abc import Collection, Mapping

from crosswalk.store.database import Transaction, json


async def replace(
    tx: Transaction,
    members: Mapping[str, Collection[str]],
    *,
    everybody: Collection[str] = (),
) -> frozenset[str]:
    """Keep the members of companies as they are now.

    Answers the people who joined or left, and all members of the companies in
    *everybody*; without those who were never met: their first sync sees it all.
    """
    if not members:
        return frozenset()
    told = [
        {"company": company, "person": person}
        for company, people in members.items()
        for person in people
    ]
    rows = await tx.rows(
        "memberships.replace",
        members=json(told),
        companies=list(members),
        everybody=list(everybody),
    )
    return frozenset(row["person"] for row in rows)
