"""One Freshsales account with all its state."""

from crosswalk.simulators.clock import Clock
from crosswalk.simulators.freshsales.account import Account, Key
from crosswalk.simulators.freshsales.bulk import Jobs
from crosswalk.simulators.freshsales.fields import FieldSet
from crosswalk.simulators.freshsales.limits import Quota
from crosswalk.simulators.freshsales.modules import MODULES
from crosswalk.simulators.freshsales.search import SearchIndex
from crosswalk.simulators.freshsales.store import Table
from crosswalk.simulators.freshsales.switches import SWITCHES
from crosswalk.simulators.switches import Switches


class Tenant:
    """Configuration, records, search indexes, bulk jobs and quota."""

    def __init__(self, api_key: str) -> None:
        self.switches = Switches(SWITCHES)
        self.clock = Clock()
        self.account = Account(
            switches=self.switches,
            clock=self.clock,
            fields={name: FieldSet(module.fields) for name, module in MODULES.items()},
            holds=lambda name, record_id: record_id in self.tables[name].live,
        )
        self.tables = {
            name: Table(module, self.account) for name, module in MODULES.items()
        }
        self.indexes = {name: SearchIndex(table) for name, table in self.tables.items()}
        self.jobs = Jobs(self.account)
        self.quota = Quota(self.switches, self.clock)
        first_user = self.account.selectors.rows("owners")[0]["id"]
        self.account.keys[api_key] = Key(token=api_key, user_id=first_user)
