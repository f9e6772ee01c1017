"""A sample shop and its CRM, invented from a seed at any size.

`shop_records` and `crm_records` are what the two simulators are seeded with,
`ground_truth` says what a sync must make of them, `changes` keeps the shop alive,
and `seed` pours records into a simulator. Every record depends on the seed and its
own index alone: streams need no memory, and two runs are equal to the byte.
"""

from crosswalk.simulators.sample.changes import ShopChange, changes
from crosswalk.simulators.sample.records import crm_records, shop_records
from crosswalk.simulators.sample.seeding import SeedingError, seed
from crosswalk.simulators.sample.truth import Truth, ground_truth

__all__ = [
    "SeedingError",
    "ShopChange",
    "Truth",
    "changes",
    "crm_records",
    "ground_truth",
    "seed",
    "shop_records",
]
