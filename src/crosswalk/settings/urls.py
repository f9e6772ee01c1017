"""Checks addresses the way people get them wrong; each mistake has its own remedy."""

from collections.abc import Mapping
from ipaddress import ip_address
from typing import Final
from urllib.parse import SplitResult, urlsplit

from crosswalk.settings.refused import problem

#: Region -> what follows ``api.`` and ``auth.`` in its hosts (RAML, api.raml). China is
#: left out: nobody confirmed its auth host, so both addresses are to be given.
REGIONS: Final[Mapping[str, str]] = {
    region: f"{region}.commercetools.com"
    for region in (
        "us-central1.gcp",
        "us-east-2.aws",
        "europe-west1.gcp",
        "eu-central-1.aws",
        "australia-southeast1.gcp",
    )
}


def api_url_of(region: str) -> str:
    """Tell where a region's HTTP API is."""
    return f"https://api.{REGIONS[region]}"


def auth_url_of(region: str) -> str:
    """Tell where a region hands out tokens."""
    return f"https://auth.{REGIONS[region]}"


def is_loopback(url: str) -> bool:
    """Say whether an address is on this machine."""
    host = urlsplit(url).hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def web_address(url: str) -> str:
    """Check what all addresses have in common; answers it without a final slash."""
    if url != url.strip():
        raise problem("E110", "has blanks around it", "remove them")
    if "://" not in url:
        raise problem("E111", "has no scheme", "begin with https://")
    parts = _split(url)
    if parts.scheme not in {"https", "http"}:
        raise problem("E111", "is no web address", "begin with https://")
    if not parts.hostname:
        raise problem("E112", "names no host", "write https:// and the host")
    if parts.username or parts.password:
        remedy = "remove user and password; keys have settings of their own"
        raise problem("E113", "carries a user name or password", remedy)
    if parts.query or parts.fragment:
        raise problem("E114", "goes on after the path", "cut it off at the ? or #")
    if parts.scheme == "http" and not is_loopback(url):
        remedy = "begin with https://; http is for this machine alone"
        raise problem("E115", "would send the keys unencrypted", remedy)
    return url.rstrip("/")


def _split(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        remedy = "write https://, the host and at most a port"
        raise problem("E112", "is no address", remedy) from None
    return parts


def shop_api_url(url: str) -> str:
    """Check the address of the commercetools HTTP API."""
    _refuse_host(url, "auth.", "is the address for tokens", "begin it with api.")
    _refuse_host(url, "mc.", "is the Merchant Center", "begin it with api.")
    if urlsplit(url).path:
        remedy = "end it after the host; the project key is a setting of its own"
        raise problem("E117", "has a path", remedy)
    return url


def shop_auth_url(url: str, *, api_url: str | None) -> str:
    """Check the address that hands out tokens, beside the API's where that is known."""
    if url == api_url and not is_loopback(url):
        remedy = "the host for tokens begins with auth."
        raise problem("E118", "is the same as the API's address", remedy)
    _refuse_host(url, "api.", "is the API's address", "begin it with auth.")
    if urlsplit(url).path:
        remedy = "end it after the host; /oauth/token is added"
        raise problem("E117", "has a path", remedy)
    regions = {_region(url), _region(api_url or "")} - {None}
    if len(regions) > 1:
        remedy = "take both from one region"
        raise problem("E119", "is in another region than the API", remedy)
    return url


def crm_url(url: str) -> str:
    """Check the address of a Freshsales account, up to ``/crm/sales``."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    if host.endswith(".freshsales.io"):
        what = "is an address of Freshsales Classic"
        remedy = (
            "use https://<alias>.myfreshworks.com/crm/sales, as Freshsales shows it "
            "under Settings > API Settings; Classic accounts are not served"
        )
        raise problem("E120", what, remedy)
    if parts.path.endswith("/api"):
        raise problem("E121", "ends with /api", "remove /api; it is added")
    if host.endswith(".myfreshworks.com") and not parts.path.endswith("/sales"):
        raise problem("E122", "does not end with /crm/sales", "end it with /crm/sales")
    return url


def _refuse_host(url: str, start: str, what: str, remedy: str) -> None:
    host = urlsplit(url).hostname or ""
    if host.startswith(start) and "commercetools" in host:
        raise problem("E116", what, remedy)


def _region(url: str) -> str | None:
    host = urlsplit(url).hostname or ""
    return next((name for name, end in REGIONS.items() if host.endswith(end)), None)
