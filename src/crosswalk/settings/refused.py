"""How a configuration is turned down: everything that is wrong with it, at once.

CrosswalkError
+-- ConfigurationError
    +-- Refused          carries the findings
"""

from collections.abc import Iterable

from pydantic_core import PydanticCustomError

from crosswalk.domain.faults import ConfigurationError
from crosswalk.domain.lint import Finding


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
