"""Chance that repeats."""

from collections import Counter
from uuid import UUID

import pytest

from crosswalk.simulators.sample.chance import (
    Dice,
    Wheel,
    crm_time,
    shop_time,
    uuid_of,
)

WHEEL = Wheel.of("colours", {"red": 5, "green": 12, "blue": 3})


@pytest.mark.parametrize("seed", [1, 2, 99])
@pytest.mark.parametrize("block", [0, 1, 5000])
def test_every_block_has_each_value_at_its_rate(seed: int, block: int) -> None:
    """
    Each block of as many indexes as a wheel has places meets each value exactly
    as often as the table says.
    """
    indexes = range(block * 20, block * 20 + 20)
    met = Counter(WHEEL.at(seed, index) for index in indexes)
    assert met == {"red": 5, "green": 12, "blue": 3}


def test_the_order_depends_on_seed_block_and_name() -> None:
    """
    Two seeds, two blocks and two wheels do not follow one another's order.
    """
    twin = Wheel(name="shapes", places=WHEEL.places)
    order = [WHEEL.place(1, index) for index in range(20)]
    assert order != [WHEEL.place(2, index) for index in range(20)]
    assert order != [WHEEL.place(1, index) for index in range(20, 40)]
    assert order != [twin.place(1, index) for index in range(20)]


def test_a_place_is_found_again() -> None:
    """
    The index to which a place falls is the one that meets the place.
    """
    for index in range(200):
        place = WHEEL.place(3, index)
        assert WHEEL.index(3, index // 20, place) == index


def test_dice_repeat_and_differ() -> None:
    """
    The same dice draw the same numbers; another part, index or seed others.
    """

    def draws(dice: Dice) -> list[int]:
        return [dice.below(1000) for _ in range(20)]

    assert draws(Dice(1, "a", 2)) == draws(Dice(1, "a", 2))
    others = [Dice(1, "b", 2), Dice(1, "a", 3), Dice(2, "a", 2)]
    assert all(draws(dice) != draws(Dice(1, "a", 2)) for dice in others)


def test_a_pattern_keeps_everything_but_its_blanks() -> None:
    """
    Only the signs for digits are filled.
    """
    filled = Dice(1, "a", 1).fill("(0) #-## x")
    assert len(filled) == 10
    assert filled[:4] == "(0) "
    assert filled[5] == "-"
    assert (filled[4] + filled[6:8]).isdigit()


def test_ids_look_like_random_uuids() -> None:
    """
    An id is a UUID of version 4 in the usual variant.
    """
    parsed = UUID(uuid_of(1, "customer", 5))
    assert parsed.version == 4
    assert str(parsed) == uuid_of(1, "customer", 5)


def test_the_two_sides_write_one_moment_their_own_way() -> None:
    """
    The shop writes UTC with milliseconds, the CRM its account's offset.
    """
    assert shop_time(86_400 + 3661) == "2024-01-02T01:01:01.000Z"
    assert crm_time(86_400 + 3661) == "2024-01-01T21:01:01-04:00"
