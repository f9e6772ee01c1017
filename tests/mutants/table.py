"""Faults that somebody could write into the code, and who must notice."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant:
    """One fault: where it is planted, and the tests that must fail of it."""

    name: str
    #: Below src/crosswalk.
    file: str
    #: Found there exactly once.
    old: str
    new: str
    killers: tuple[str, ...]
    #: Whether it is tried in every run of the tests.
    quick: bool = False


MUTANTS: Final = (
    Mutant(
        name="base saved before the write",
        file="engine/batch.py",
        old="    await approach.hand_in(_write(case, world) for case in writing)\n",
        new="""\
    from crosswalk.domain.model import Both
    async with world.database.transaction() as tx:
        for case in [case for case in writing if case.link]:
            told = {n: Both(shop=v, crm=v) for n, v in case.sent.items()}
            early = replace(case.link, base={**case.link.base, **told})
            await links.remember(tx, [early], at=now, config_hash=world.rules.hash)
    await approach.hand_in(_write(case, world) for case in writing)
""",
        killers=(
            "engine/test_faults.py::test_an_update_whose_answer_was_lost_is_repeated",
        ),
    ),
    Mutant(
        name="last writer wins: the fence is not asked",
        file="store/sql/journal.sql",
        old="WHERE EXISTS (SELECT FROM fence)\n",
        new="",
        killers=("engine/test_faults.py::test_a_fenced_drain_sends_nothing",),
    ),
    Mutant(
        name="acknowledged before the commit",
        file="engine/intake.py",
        old="""\
            answers = await self._commit([caller.changes for caller in group])
""",
        new="""\
            for caller in group:
                caller.answer.set_result(Accepted())
            answers = await self._commit([caller.changes for caller in group])
""",
        killers=(
            "engine/test_intake.py::test_nothing_is_acknowledged_that_was_not_stored",
        ),
        quick=True,
    ),
    Mutant(
        name="cursor saved before its rows",
        file="engine/poll.py",
        old="    await world.intake.accept_with(changes, save)\n",
        new="""\
    async with world.database.transaction() as tx:
        await save(tx)
    await world.intake.accept(changes)
""",
        killers=("engine/test_poll.py::test_a_page_that_was_not_stored_is_read_again",),
    ),
    Mutant(
        name="the e-mail address is the identity",
        file="engine/batch.py",
        old="case.link = case.known_link = linked[case.ref.kind].get(case.ref.id)",
        new="case.link = case.known_link = None",
        killers=(
            "engine/test_batch.py::test_an_email_changed_twenty_times_is_still_one_contact",
        ),
    ),
    Mutant(
        name="an ambiguous match takes the first",
        file="domain/matching.py",
        old="""\
    if len(hits) > 1 or rule in HINTS:
        return Ambiguous(candidates=hits, rule=rule, evidence=evidence)
    (one,) = hits
""",
        new="    one = hits[0]\n",
        killers=(
            "engine/test_identity.py::test_two_contacts_of_one_email_are_a_persons_matter",
        ),
    ),
    Mutant(
        name="a conflicting external id is overwritten",
        file="domain/matching.py",
        old="    if one.external_id and one.external_id != seeker.our_id:\n",
        new="    if False:\n",
        killers=(
            "engine/test_identity.py::test_a_contact_of_somebody_else_is_never_reassigned",
        ),
    ),
    Mutant(
        name="a second create after one that is in doubt",
        file="engine/identify.py",
        old="""\
        return
    await look_up(case, world)
""",
        new="        return\n",
        killers=(
            "engine/test_faults.py::test_an_account_whose_answer_was_lost_is_one",
        ),
    ),
    Mutant(
        name="drains woken inside the transaction",
        file="engine/intake.py",
        old="                await also(tx)\n",
        new="""\
                await also(tx)
                await self._rouse(answers)
""",
        killers=("engine/test_intake.py::test_drains_are_woken_after_the_commit",),
    ),
    Mutant(
        name="failed rows of a bulk call told by their place in the report",
        file="freshsales/bulk.py",
        old="next((positions[text] for text in said if text in positions), [])",
        new="[len(refused)]",
        killers=("freshsales/test_bulk.py",),
    ),
    Mutant(
        name="an empty value clears whatever the policy",
        file="domain/decisions.py",
        old="    if rule.empty is Empty.IGNORE or is_blank(agreed):\n",
        new="    if is_blank(agreed):\n",
        killers=("domain/test_decisions.py",),
    ),
    Mutant(
        name="our own write coming back is not compared with the base",
        file="engine/census.py",
        old="        and has_moved(link, record)\n",
        new="",
        killers=(
            "engine/test_batch.py::test_our_own_write_coming_back_costs_no_write",
        ),
    ),
    Mutant(
        name="what the CRM dropped counts as stored",
        file="domain/plan.py",
        old="        if _is_dropped(each, sent[name], held):\n",
        new="        if False:\n",
        killers=("engine/test_faults.py::test_a_choice_that_the_crm_drops_is_parked",),
    ),
    Mutant(
        name="an older state of the shop is taken",
        file="engine/batch.py",
        old="    if record is not None and record.version >= case.row.version:\n",
        new="    if record is not None:\n",
        killers=("engine/test_faults.py::test_the_shop_may_lag_behind_its_notice",),
    ),
    Mutant(
        name="waiting for quota counts as an attempt",
        file="engine/outcomes.py",
        old="            return Retry(because=because, after=wait, counts=False)\n",
        new="            return Retry(because=because, after=wait)\n",
        killers=("engine/test_faults.py::test_a_throttled_call_is_no_attempt",),
    ),
)
