"""``crosswalk check``: every mistake is one clear message, and all come at once."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from crosswalk.settings.config import built_in
from crosswalk.simulators import sample
from tests.e2e.shell import Shell
from tests.simulated import Simulator, simulator

pytestmark = pytest.mark.slow

SHOP, CRM = "COMMERCETOOLS__", "FRESHSALES__"
#: A port of loopback that nobody listens on.
NOBODY = "http://127.0.0.1:9"


@pytest.fixture(scope="module")
def module_shop() -> Iterator[Simulator]:
    """Run one shop for all tests that change nothing in it."""
    with simulator("commercetools") as running:
        running.seed(sample.shop_records(seed=7, customers=0))
        yield running


@pytest.fixture
def shop(module_shop: Simulator) -> Simulator:
    """Give the shop that all tests share."""
    return module_shop


def a_crm() -> Iterator[Simulator]:
    """Run a CRM that has its fields and no record."""
    with simulator("freshsales") as running:
        running.seed(sample.crm_records(seed=7, customers=0))
        yield running


@pytest.fixture(scope="module")
def module_crm() -> Iterator[Simulator]:
    """Run one CRM for all tests that change nothing in it."""
    yield from a_crm()


@pytest.fixture
def crm(module_crm: Simulator) -> Simulator:
    """Give the CRM that most tests share."""
    return module_crm


@pytest.fixture
def other_crm(shell: Shell) -> Iterator[Shell]:
    """Open the shell on a CRM of its own, to be spoilt."""
    for crm in a_crm():
        environ = {**shell.environ, "CROSSWALK_FRESHSALES__URL": crm.url}
        yield replace(shell, crm=crm, environ=environ)


def test_all_is_well(shell: Shell) -> None:
    """
    A complete set-up is a line a question, exit code 0, and no write on either side.
    """
    said = shell.run("check")
    assert said.code == 0, said
    for question in ("settings", "configuration", "database", "shop", "clock", "CRM"):
        assert f"ok  {question} " in said.out
    assert (shell.shop.writes(), shell.crm.writes()) == (0, 0)


def test_as_json_every_question_has_its_answer(shell: Shell) -> None:
    """
    As JSON each question tells what is fine, what was found and what is a warning.
    """
    answers = {row["name"]: row for row in shell.run("check", "--json").json}
    assert all(row["findings"] == [] for row in answers.values())
    (excess,) = answers["shop scopes"]["warnings"]
    assert excess["code"] == "K106"


#: name -> variables to change, exit code, code of the one finding, words in it.
WRONG_SETTINGS: dict[str, tuple[dict[str, str], int, str, tuple[str, ...]]] = {
    "crm-refuses-connections": (
        {f"{CRM}URL": NOBODY},
        2,
        "K101",
        ("CROSSWALK_FRESHSALES__URL", "nobody answers", "letter by letter"),
    ),
    "crm-host-unknown": (
        {f"{CRM}URL": "https://nobody.invalid/crm/sales"},
        2,
        "K101",
        ("CROSSWALK_FRESHSALES__URL", "nobody.invalid", "DNS"),
    ),
    "crm-key-wrong": (
        {f"{CRM}API_KEY": "wrong-key"},
        2,
        "K103",
        ("CROSSWALK_FRESHSALES__API_KEY", "is refused", "copy it anew"),
    ),
    "shop-refuses-connections": (
        {f"{SHOP}API_URL": NOBODY},
        2,
        "K101",
        ("CROSSWALK_COMMERCETOOLS__API_URL", "nobody answers"),
    ),
    "shop-auth-refuses-connections": (
        {f"{SHOP}AUTH_URL": NOBODY},
        2,
        "K101",
        ("CROSSWALK_COMMERCETOOLS__AUTH_URL", "nobody answers"),
    ),
    "shop-secret-wrong": (
        {f"{SHOP}CLIENT_SECRET": "wrong"},
        2,
        "K103",
        ("CROSSWALK_COMMERCETOOLS__CLIENT_ID and CLIENT_SECRET", "is refused"),
    ),
    "shop-project-wrong": (
        {f"{SHOP}PROJECT_KEY": "smaple"},
        2,
        "K102",
        ("CROSSWALK_COMMERCETOOLS__PROJECT_KEY", "did you mean 'sample'?"),
    ),
    "shop-key-missing": (
        {f"{SHOP}PROJECT_KEY": ""},
        3,
        "E101",
        ("CROSSWALK_COMMERCETOOLS__PROJECT_KEY", "is not set"),
    ),
    "database-unreachable": (
        {"DATABASE_URL": "postgresql://me:canary@127.0.0.1:9/crosswalk"},
        2,
        "K121",
        ("CROSSWALK_DATABASE_URL", "does not answer", "server runs"),
    ),
    "setting-misspelt": (
        {f"{CRM}API_KYE": "x"},
        3,
        "E107",
        ("CROSSWALK_FRESHSALES__API_KYE", "did you mean"),
    ),
}


@pytest.mark.parametrize("name", WRONG_SETTINGS)
def test_a_wrong_setting_is_one_message(shell: Shell, name: str) -> None:
    """
    A wrong setting is named once, with its variable and what to do, never its secret.
    """
    changes, code, finding, words = WRONG_SETTINGS[name]
    said = shell.run("check", **changes)
    assert said.code == code, said
    assert said.err.count("remedy:") - said.err.count("K106") == 1, said.err
    assert finding in said.err
    for word in words:
        assert word in said.err
    assert "canary" not in said.err + said.out


def test_the_address_of_something_else(shell: Shell) -> None:
    """
    An address that answers, but not as the API does, is named as such.
    """
    path = shell.crm.url.removesuffix("/crm/sales") + "/elsewhere/crm/sales"
    said = shell.run("check", FRESHSALES__URL=path)
    assert said.code == 2
    assert "K102 CROSSWALK_FRESHSALES__URL" in said.err
    assert "what answers is not what it should be" in said.err


def test_a_missing_scope_is_named(shell: Shell) -> None:
    """
    A client that may not read something is told which scope it lacks, each at once.
    """
    scopes = ["view_customers", "view_business_units", "view_customer_groups"]
    shell.shop.act(
        "add_client",
        client_id="narrow",
        client_secret="narrow",
        scopes=[f"{scope}:sample" for scope in scopes],
    )
    said = shell.run(
        "check",
        COMMERCETOOLS__CLIENT_ID="narrow",
        COMMERCETOOLS__CLIENT_SECRET="narrow",
    )
    assert said.code == 2
    for scope in ("view_associate_roles", "view_stores", "view_project_settings"):
        assert f"also has the scope {scope}" in said.err
    assert "view_customers" not in said.err
    assert "K106" not in said.err
    assert said.err.count("K104") == 4


def test_a_scope_that_the_client_does_not_have(shell: Shell) -> None:
    """
    Scopes that are asked for by the settings and not granted are named as that.
    """
    shell.shop.act(
        "add_client",
        client_id="one",
        client_secret="one",
        scopes=["view_customers:sample"],
    )
    said = shell.run(
        "check",
        COMMERCETOOLS__CLIENT_ID="one",
        COMMERCETOOLS__CLIENT_SECRET="one",
        COMMERCETOOLS__SCOPES="view_orders:sample",
    )
    assert said.code == 2
    assert "K104 CROSSWALK_COMMERCETOOLS__SCOPES" in said.err
    assert "leave the setting out" in said.err
    assert said.err.count("remedy:") == 1


def test_the_scopes_needed_are_enough(shell: Shell) -> None:
    """
    A client with the view scopes alone passes without a warning.
    """
    names = (
        "customers business_units associate_roles customer_groups stores channels"
        " project_settings"
    )
    shell.shop.act(
        "add_client",
        client_id="viewer",
        client_secret="viewer",
        scopes=[f"view_{name}:sample" for name in names.split()],
    )
    said = shell.run(
        "check",
        COMMERCETOOLS__CLIENT_ID="viewer",
        COMMERCETOOLS__CLIENT_SECRET="viewer",
    )
    assert (said.code, said.err) == (0, "")


def test_a_missing_custom_field(other_crm: Shell) -> None:
    """
    A mapped field that the CRM does not have is named with its line in the mapping.
    """
    other_crm.crm.act("remove_field", module="contacts", name="cf_loyalty_tier")
    said = other_crm.run("check")
    assert said.code == 2
    assert "K111 default.yaml:" in said.err
    assert "have no field 'cf_loyalty_tier'" in said.err
    assert "create it in Freshsales" in said.err


def test_the_field_of_our_id_is_missing(other_crm: Shell) -> None:
    """
    An account field for our id that does not exist is named as that.
    """
    other_crm.crm.act(
        "remove_field", module="sales_accounts", name="cf_commercetools_id"
    )
    said = other_crm.run("check")
    assert said.code == 2
    assert "the field that holds our id" in said.err


def test_a_required_field_that_nothing_fills(other_crm: Shell) -> None:
    """
    A field that the CRM requires and no mapping fills is named with its label.
    """
    field = {
        "module": "contacts",
        "name": "cf_segment",
        "label": "Segment",
        "required": True,
    }
    other_crm.crm.seed([("fields", field)])
    said = other_crm.run("check")
    assert said.code == 2
    assert "K112 contacts: cf_segment (Segment)" in said.err
    assert "map it (crm: cf_segment), or make it optional" in said.err


#: name -> text to replace in the built-in file, its replacement, code, words.
WRONG_FILES = {
    "transform-unknown": ("[e164: drop]", "[e163: drop]", "M102", "'e164'"),
    "yaml-broken": ("contacts:\n", "contacts: [\n", "Y104", "crosswalk.yaml:"),
    "key-unknown": ("\nsync:", "\nsnyc:", "C101", "'sync'"),
    "field-twice": ("crm: first_name", "crm: last_name", "M103", "already mapped"),
}


@pytest.mark.parametrize("name", WRONG_FILES)
def test_a_wrong_file_is_one_message(shell: Shell, name: str) -> None:
    """
    A mistake in crosswalk.yaml is refused with its line and what to do.
    """
    old, new, code, words = WRONG_FILES[name]
    text = built_in()
    assert old in text
    shell.write(text.replace(old, new, 1))
    said = shell.run("check")
    assert said.code == 3, said
    assert f"{code} crosswalk.yaml:" in said.err
    assert words in said.err


def test_everything_wrong_is_told_in_one_run(shell: Shell) -> None:
    """
    A broken file, a wrong key, a wrong secret and a dead database come in one report.
    """
    shell.write("contacts: [\n")
    said = shell.run(
        "check",
        FRESHSALES__API_KEY="wrong",
        COMMERCETOOLS__CLIENT_SECRET="wrong",
        DATABASE_URL="postgresql://127.0.0.1:9/crosswalk",
    )
    assert said.code == 3
    for code in ("Y104", "K103 CROSSWALK_C", "K103 CROSSWALK_F", "K121"):
        assert code in said.err


def test_one_refused_side_leaves_the_other_to_be_checked(other_crm: Shell) -> None:
    """
    Without any setting of the shop, the CRM's fields are still compared.
    """
    kept = {n: v for n, v in other_crm.environ.items() if "COMMERCETOOLS" not in n}
    other_crm.crm.act("remove_field", module="contacts", name="cf_loyalty_tier")
    said = replace(other_crm, environ=kept).run("check")
    assert said.code == 3
    assert "CROSSWALK_COMMERCETOOLS__API_URL" in said.err
    assert "cf_loyalty_tier" in said.err


def test_a_database_of_another_version(shell: Shell, server: str) -> None:
    """
    A database without our schema is named with the command that brings it there.
    """
    said = shell.run("check", DATABASE_URL=server)
    assert said.code == 2
    assert "K122 CROSSWALK_DATABASE_URL" in said.err
    assert "run crosswalk migrate" in said.err
