"""How a configuration is turned down: everything that is wrong with it, at once.

CrosswalkError
+-- ConfigurationError
    +-- Refused          carries the findings
"""

from collections.abc import Iterable, Mapping
from typing import Final

from pydantic_core import PydanticCustomError

from crosswalk.domain.faults import ConfigurationError
from crosswalk.domain.lint import Finding

#: Every code that this package finds; a code never changes its meaning. Mappings have
#: codes of their own (domain.lint).
CODES: Final[Mapping[str, str]] = {
    "C101": "A key is none that exists.",
    "C102": "A key is missing.",
    "C103": "A word is none of the choices.",
    "C104": "A value is of another type.",
    "C105": "Something is empty.",
    "C106": "A number is too small or too large.",
    "C107": "A list names something twice.",
    "C108": "A value is not what its key needs.",
    "C110": "The field that carries the shop's id is mapped by hand.",
    "C111": "Accounts get no name.",
    "C112": "A mapping test speaks of a field that is not mapped.",
    "E101": "A setting is missing.",
    "E102": "A region is none that is known.",
    "E103": "A number is too small.",
    "E104": "A number is none.",
    "E105": "A secret is set twice, as it is and in a file.",
    "E106": "A secret's file holds no secret.",
    "E107": "A variable is no setting.",
    "E110": "An address has blanks around it.",
    "E111": "An address has no scheme that is used.",
    "E112": "An address names no host.",
    "E113": "An address carries a password.",
    "E114": "An address has a query.",
    "E115": "An address is not encrypted, and not of this machine.",
    "E116": "An address is that of another commercetools service.",
    "E117": "An address of commercetools has a path.",
    "E118": "API and tokens have one address.",
    "E119": "API and tokens are of two regions.",
    "E120": "The CRM is a Freshsales Classic account.",
    "E121": "The CRM's address ends with /api.",
    "E122": "The CRM's address does not end with /crm/sales.",
    "E130": "A project key is none.",
    "E131": "A scope is not of the project.",
    "E132": "A secret is not the secret alone.",
    "E133": "A database is not PostgreSQL.",
    "T101": "A mapping test came out otherwise than expected.",
    "Y101": "A file cannot be read.",
    "Y102": "A file is larger than a configuration can be.",
    "Y103": "A file is not UTF-8.",
    "Y104": "A file is not YAML.",
    "Y105": "A file is nested deeper than a configuration can be.",
    "Y106": "A file uses anchors.",
    "Y107": "A key stands twice.",
    "Y108": "A file uses tags.",
    "Y109": "A key is not plain text.",
    "Y110": "A file holds a second document.",
}


class Refused(ConfigurationError):  # noqa: N818 - "configuration refused" is exit code 3
    """A configuration cannot be used as it stands."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__("\n".join(f"{f.at}: {f.what}" for f in self.findings))


def problem(code: str, what: str, remedy: str) -> PydanticCustomError:
    """Word a fault for a validator to raise, so that it ends up as a finding."""
    return PydanticCustomError(
        "refused", "{what}", {"code": code, "what": what, "remedy": remedy}
    )
