"""What is read from the environment, and what is wrong with it."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from crosswalk.domain.lint import Finding
from crosswalk.settings.environment import (
    default_data_dir,
    load_environment,
    load_local,
    load_parts,
)
from crosswalk.settings.refused import Refused
from crosswalk.settings.variables import describe

SHOP, CRM = "CROSSWALK_COMMERCETOOLS__", "CROSSWALK_FRESHSALES__"
CANARY = "canary-5f2c"
GOOD = {
    f"{SHOP}REGION": "europe-west1.gcp",
    f"{SHOP}PROJECT_KEY": "my-shop",
    f"{SHOP}CLIENT_ID": "id",
    f"{SHOP}CLIENT_SECRET": CANARY,
    f"{CRM}URL": "https://acme.myfreshworks.com/crm/sales",
    f"{CRM}API_KEY": CANARY,
}


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stand in an empty folder, so that no crosswalk.yaml is near."""
    monkeypatch.chdir(tmp_path)


def findings_of(environ: Mapping[str, str]) -> Sequence[Finding]:
    """Return what an environment is refused for; never with a secret."""
    with pytest.raises(Refused) as refused:
        load_environment(environ)
    assert CANARY not in str(refused.value) + repr(refused.value.findings)
    return refused.value.findings


def finding_of(environ: Mapping[str, str]) -> Finding:
    """Return the one finding about an environment."""
    (finding,) = findings_of(environ)
    return finding


def test_a_good_environment_is_read() -> None:
    """
    A complete environment gives both sides, with addresses from the region.
    """
    loaded = load_environment(GOOD)

    assert loaded.commercetools.api_url.startswith("https://api.europe-west1.gcp.")
    assert loaded.commercetools.auth_url.startswith("https://auth.europe-west1.gcp.")
    assert loaded.commercetools.client_secret.get_secret_value() == CANARY
    assert loaded.freshsales.api_key.get_secret_value() == CANARY
    assert loaded.freshsales.calls_per_hour == 1000
    assert loaded.freshsales.calls_per_minute == 400
    assert loaded.database_url is None
    assert loaded.config is None


def test_an_address_given_wins_over_the_region() -> None:
    """
    A region fills in only the addresses that are not given.
    """
    given = GOOD | {
        f"{SHOP}API_URL": "http://127.0.0.1:8080/",
        f"{SHOP}AUTH_URL": "http://127.0.0.1:8080",
    }

    loaded = load_environment(given)

    assert loaded.commercetools.api_url == "http://127.0.0.1:8080"
    assert loaded.commercetools.auth_url == "http://127.0.0.1:8080"


def test_scopes_are_of_the_project() -> None:
    """
    Scopes of the project, also those of one store, are taken one blank apart.
    """
    given = GOOD | {f"{SHOP}SCOPES": "view_stores:my-shop  manage_orders:my-shop:eu\n"}

    loaded = load_environment(given)

    assert loaded.commercetools.scopes == "view_stores:my-shop manage_orders:my-shop:eu"


def test_no_secret_is_shown() -> None:
    """
    No secret is in the text of what was read, whichever way it is turned into text.
    """
    loaded = load_environment(
        GOOD | {"CROSSWALK_DATABASE_URL": f"postgresql://me:{CANARY}@host/db"}
    )

    assert CANARY not in f"{loaded} {loaded!r} {loaded.model_dump()}"
    assert CANARY not in loaded.model_dump_json()


def test_a_secret_may_stand_in_a_file(tmp_path: Path) -> None:
    """
    A secret is read from the file that its _FILE twin names, without the line end.
    """
    file = tmp_path / "key"
    file.write_text("from-file\n", "utf-8")
    given = GOOD | {f"{CRM}API_KEY": "", f"{CRM}API_KEY_FILE": str(file)}

    loaded = load_environment(given)

    assert loaded.freshsales.api_key.get_secret_value() == "from-file"


@pytest.mark.parametrize("content", [None, b"", b"\n", b"\xff"])
def test_a_secret_file_without_a_secret_is_named(
    tmp_path: Path, content: bytes | None
) -> None:
    """
    A secret's file that is missing, empty or no text is the one finding about it.
    """
    file = tmp_path / "key"
    if content is not None:
        file.write_bytes(content)
    given = {**GOOD, f"{CRM}API_KEY_FILE": str(file)}
    del given[f"{CRM}API_KEY"]

    findings = findings_of(given)

    assert (findings[0].code, findings[0].at) == ("E106", f"{CRM}API_KEY_FILE")


def test_a_secret_twice_is_refused(tmp_path: Path) -> None:
    """
    A secret that is set and has a file as well is refused, not guessed.
    """
    given = GOOD | {f"{CRM}API_KEY_FILE": str(tmp_path / "key")}

    assert finding_of(given).code == "E105"


def test_everything_missing_is_told_at_once() -> None:
    """
    An empty environment names every setting that has to be given, each with a remedy.
    """
    findings = findings_of({})

    assert {f.at for f in findings} == (GOOD.keys() - {f"{SHOP}REGION"}) | {
        f"{SHOP}API_URL",
        f"{SHOP}AUTH_URL",
    }
    assert all(f.code == "E101" and f.remedy for f in findings)


API, AUTH, URL = f"{SHOP}API_URL", f"{SHOP}AUTH_URL", f"{CRM}URL"
WRONG = [
    (API, "api.europe-west1.gcp.commercetools.com", "E111", "https://"),
    (API, "ftp://api.europe-west1.gcp.commercetools.com", "E111", "https://"),
    (API, " https://api.europe-west1.gcp.commercetools.com", "E110", "remove"),
    (API, "https://", "E112", "host"),
    (API, "https://host:port", "E112", "host"),
    (API, f"https://me:{CANARY}@api.example.com", "E113", "remove"),
    (API, f"https://api.example.com?key={CANARY}", "E114", "cut"),
    (API, "http://api.europe-west1.gcp.commercetools.com", "E115", "https://"),
    (API, "http://127.evil.example", "E115", "https://"),
    (API, "https://auth.europe-west1.gcp.commercetools.com", "E116", "api."),
    (API, "https://mc.europe-west1.gcp.commercetools.com", "E116", "api."),
    (API, "https://api.europe-west1.gcp.commercetools.com/my-shop", "E117", "key"),
    (AUTH, "https://api.europe-west1.gcp.commercetools.com", "E118", "auth."),
    (AUTH, "https://api.us-east-2.aws.commercetools.com", "E116", "auth."),
    (AUTH, "https://auth.us-east-2.aws.commercetools.com", "E119", "one region"),
    (AUTH, "https://auth.europe-west1.gcp.commercetools.com/oauth/token", "E117", "/o"),
    (URL, "acme.myfreshworks.com/crm/sales", "E111", "https://"),
    (URL, "https://acme.freshsales.io", "E120", "Classic"),
    (URL, "https://acme.myfreshworks.com/crm/sales/api", "E121", "remove /api"),
    (URL, "https://acme.myfreshworks.com", "E122", "/crm/sales"),
    (f"{SHOP}REGION", "mars", "E102", "europe-west1.gcp"),
    (f"{SHOP}PROJECT_KEY", "my shop", "E130", "Merchant Center"),
    (f"{SHOP}SCOPES", "manage_customers", "E131", "permission:my-shop"),
    (f"{SHOP}SCOPES", "view_stores:other", "E131", "permission:my-shop"),
    (f"{CRM}API_KEY", f"Token token={CANARY}", "E132", "alone"),
    (f"{CRM}API_KEY", f"{CANARY} ", "E132", "again"),
    (f"{SHOP}CLIENT_SECRET", f"{CANARY}\n", "E132", "again"),
    ("CROSSWALK_DATABASE_URL", f"mysql://me:{CANARY}@h/d", "E133", "postgresql://"),
    (f"{CRM}CALLS_PER_HOUR", "many", "E104", "digits"),
    (f"{CRM}CALLS_PER_MINUTE", "0", "E103", "plan"),
    (f"{CRM}API_KY", CANARY, "E107", "API_KEY"),
]


@pytest.mark.parametrize(("name", "value", "code", "remedy"), WRONG)
def test_each_mistake_is_named(name: str, value: str, code: str, remedy: str) -> None:
    """
    A wrong value is one finding at its variable, with what to do and without the value.
    """
    finding = next(f for f in findings_of(GOOD | {name: value}) if f.at == name)

    assert (finding.code, finding.at) == (code, name)
    assert remedy in finding.remedy


def test_several_mistakes_are_told_at_once() -> None:
    """
    Wrong values of several variables are all found in one go.
    """
    wrong = GOOD | {URL: "x", f"{SHOP}REGION": "mars", f"{CRM}CALLS_PER_HOUR": "0"}

    assert {URL, f"{SHOP}REGION", f"{CRM}CALLS_PER_HOUR"} <= {
        f.at for f in findings_of(wrong)
    }


def test_local_settings_need_no_keys() -> None:
    """
    What every command needs is read without the keys to either side.
    """
    loaded = load_local({"CROSSWALK_DATA_DIR": "data", "CROSSWALK_CONFIG": "my.yaml"})

    assert loaded.data_dir == Path("data")
    assert loaded.config == Path("my.yaml")


def test_a_configuration_nearby_is_found() -> None:
    """
    Without a name the crosswalk.yaml of the current folder is taken.
    """
    Path("crosswalk.yaml").touch()

    assert load_local({}).config == Path("crosswalk.yaml")


def test_root_keeps_its_data_outside_private_folders(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """
    Data goes to /var/lib/crosswalk for root, else below the user's own share.
    """
    monkeypatch.setattr("os.geteuid", lambda: 0, raising=False)
    assert default_data_dir({"HOME": "/home/me"}) == Path("/var/lib/crosswalk")

    monkeypatch.setattr("os.geteuid", lambda: 1000, raising=False)
    assert default_data_dir({"HOME": "/home/me"}) == Path(
        "/home/me/.local/share/crosswalk"
    )
    assert default_data_dir({"XDG_DATA_HOME": "/data"}) == Path("/data/crosswalk")


def test_the_secrets_are_known_as_secrets() -> None:
    """
    Keys, client secret and the database's address are secret; nothing else is.
    """
    assert {s.name for s in describe() if s.secret} == {
        "CROSSWALK_DATABASE_URL",
        f"{SHOP}CLIENT_SECRET",
        f"{CRM}API_KEY",
    }


def test_the_parts_of_a_good_environment_are_all_there() -> None:
    """
    Read in parts, a complete environment says the same as read as a whole.
    """
    parts, whole = load_parts(GOOD), load_environment(GOOD)
    assert (parts.shop, parts.crm) == (whole.commercetools, whole.freshsales)
    assert parts.local == load_local(GOOD)
    assert parts.findings == []


def test_a_part_that_is_refused_leaves_the_others() -> None:
    """
    Whatever is wrong with one part, the others can be used, and all of it is told.
    """
    parts = load_parts({**GOOD, f"{CRM}API_KEY": "", f"{CRM}API_KYE": "x"})
    assert (parts.local is None, parts.shop is None) == (False, False)
    assert parts.crm is None
    assert {finding.code for finding in parts.findings} == {"E101", "E107"}

    parts = load_parts({**GOOD, "CROSSWALK_DATABASE_URL": "mysql://x"})
    assert parts.local is None
    assert parts.shop is not None
    assert [finding.code for finding in parts.findings] == ["E133"]
