"""The values that every room of the house speaks of."""

from datetime import UTC, datetime

import pytest

from crosswalk.domain.model import (
    Change,
    Json,
    Kind,
    Ref,
    crm_ref,
    is_empty,
    partition_of,
    shop_ref,
)


@pytest.mark.parametrize(
    ("ref", "key"),
    [
        (shop_ref(Kind.PERSON, "c1"), "person:shop:c1"),
        (crm_ref(Kind.COMPANY, "a:b"), "company:crm:a:b"),
    ],
)
def test_a_key_reads_back_as_its_ref(ref: Ref, key: str) -> None:
    """
    A ref and its key are two spellings of one thing, whatever the id holds.
    """
    assert ref.key == key
    assert Ref.parse(key) == ref


@pytest.mark.parametrize("key", ["person:shop", "person:mars:1", "cat:shop:1"])
def test_what_is_no_key_is_refused(key: str) -> None:
    """
    A text that names no kind, side and id is a ValueError.
    """
    with pytest.raises(ValueError, match=r"not enough values|is not a valid"):
        Ref.parse(key)


def test_one_revision_is_one_change() -> None:
    """
    Two notices of one revision have one identity, whichever door they came through.
    """
    poll, sync = (
        Change(
            ref=shop_ref(Kind.PERSON, "c1"),
            revision="7",
            seen_at=datetime(2026, 1, 1, tzinfo=UTC),
            source=source,
        )
        for source in ("poll", "sync")
    )
    assert poll.identity == sync.identity == "person:shop:c1@7"


def test_an_entity_has_one_partition_on_every_machine() -> None:
    """
    The partition follows from the key alone and is one of those there are.
    """
    assert partition_of("person:shop:c1", 16) == 1
    assert {partition_of(f"person:shop:{n}", 4) for n in range(50)} == {0, 1, 2, 3}


def test_zero_and_no_are_not_empty() -> None:
    """
    Only null and what has no part is empty.
    """
    nothing: list[Json] = [None, "", [], {}, ()]
    content: list[Json] = [0, False, " ", [None]]
    assert all(map(is_empty, nothing))
    assert not any(map(is_empty, content))
