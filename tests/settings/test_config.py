"""How crosswalk.yaml is checked: each fault at its line, all of them at once."""

from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import pytest

from crosswalk.domain.lint import Finding
from crosswalk.domain.matching import RULES
from crosswalk.domain.model import Kind
from crosswalk.settings.complaints import WANTED, WORDING
from crosswalk.settings.config import Config, built_in, load_config, make_config
from crosswalk.settings.document import read_yaml
from crosswalk.settings.refused import Refused
from crosswalk.settings.shape import File

GOOD = """\
contacts:
  match: [external_id, email]
  shared_email: review
  primary_address: [default_billing, first]
  primary_company: [first]
  fields:
    - {crm: first_name, shop: first_name, owner: shop, empty: ignore}
    - {crm: country, shop: address.country, transform: [country]}
    - crm: cf_email_consent
      shop: consent.email.state
      owner: most_restrictive
      order: [unsubscribed, subscribed]
accounts:
  match: [external_id]
  id_field: cf_commercetools_id
  fields:
    - {crm: name, shop: name}
consent:
  email: {state: custom.marketingOptIn, at: custom.marketingOptInAt}
locale: {languages: [en, de], crm_language: en, zone: UTC, region: DE}
sync: {poll_every: 60, settle: 30, overlap: 120, bulk_from: 5, partitions: 16}
tests:
  - name: a name arrives
    kind: person
    shop: {first_name: Ada}
    expect: {first_name: {write: Ada}}
"""
C = "contacts.fields"


def load(text: str) -> Config:
    """Load a configuration from its text."""
    return make_config(read_yaml(text.encode(), name="crosswalk.yaml"))


def findings_of(text: str) -> Sequence[Finding]:
    """Return what a text is refused for."""
    with pytest.raises(Refused) as refused:
        load(text)
    return refused.value.findings


#: What to replace in GOOD, by what; code, line, path; a word of what or remedy.
WRONG = [
    ("contacts:\n", "contact:\n", "C101", "1 contact", "did you mean 'contacts'"),
    ("contacts:\n", "contact:\n", "C102", "1 contacts", "'contacts' is missing"),
    ("match: [external_id, email]", "mach: [email]", "C101", "2 contacts.mach", "'m"),
    ("[external_id, email]", "[emial]", "C103", "2 contacts.match[0]", "'email'"),
    ("[external_id, email]", "[]", "C105", "2 contacts.match", "empty"),
    ("[external_id, email]", "email", "C104", "2 contacts.match", "a list"),
    ("[external_id, email]", "[email, email]", "C107", "2 contacts.match", "twice"),
    ("[external_id, email]", "[1]", "C103", "2 contacts.match[0]", "external_id"),
    (": review", ": ask", "C103", "3 contacts.shared_email", "review"),
    (": review", ": ", "C103", "3 contacts.shared_email", "review"),
    ("default_billing", "billing", "C103", "4 contacts.primary_address[0]", "default"),
    ("[first]", "[last]", "C103", "5 contacts.primary_company[0]", "first"),
    ("owner: shop", "owner: shopp", "C103", f"7 {C}[0].owner", "did you mean 'shop'"),
    ("owner: shop", "owner: 3", "C103", f"7 {C}[0].owner", "newest"),
    ("owner: shop", "ownr: shop", "C101", f"7 {C}[0].ownr", "did you mean 'owner'"),
    ("empty: ignore", "empty: delete", "C103", f"7 {C}[0].empty", "clear"),
    ("crm: first_name,", "crm: First Name,", "C108", f"7 {C}[0].crm", "small letters"),
    ("crm: first_name,", "crm: 7,", "C104", f"7 {C}[0].crm", "text"),
    ("crm: first_name, ", "", "C102", f"7 {C}[0].crm", "'crm' is missing"),
    ("shop: first_name", "shop: ''", "C105", f"7 {C}[0].shop", "fill it in"),
    ("shop: first_name", "shop: fist_name", "M106", f"7 {C}[0]", "'first_name'"),
    ("shop: first_name", "shop: 'a..b'", "M104", f"7 {C}[0]", "JMESPath"),
    ("shop: first_name", "shop: jion(a)", "M105", f"7 {C}[0]", "'join'"),
    ("shop: first_name", "shop: join(key)", "M109", f"7 {C}[0]", "give it 2"),
    ("shop: first_name", "shop: ~", "C104", f"7 {C}[0].shop", "nothing"),
    ("shop: address.country", "shop: address.land", "M106", f"8 {C}[1]", "country"),
    ("[country]", "[contry]", "M102", f"8 {C}[1]", "did you mean 'country'"),
    ("[country]", "country", "C104", f"8 {C}[1].transform", "a list"),
    ("[country]", "[3]", "C108", f"8 {C}[1].transform[0]", "name of a transform"),
    ("[country]", "[{country: short}]", "M108", f"8 {C}[1]", "alpha2"),
    ("[country]", "[{truncate: many}]", "M108", f"8 {C}[1]", "a whole number"),
    ("crm: country", "crm: first_name", "M103", f"8 {C}[1]", "contacts.fields[0]"),
    ("crm: country", "crm: external_id", "C110", f"8 {C}[1].crm", "remove"),
    ("owner: most_restrictive", "owner: shop", "M111", f"9 {C}[2]", "remove order"),
    ("      order: [unsubscribed, subscribed]\n", "", "M107", f"9 {C}[2]", "add order"),
    ("accounts:\n", "account:\n", "C101", "13 account", "did you mean 'accounts'"),
    ("match: [external_id]", "match: [email]", "C103", "14 accounts.match[0]", "name"),
    ("id_field: cf_c", "id_field: CF_c", "C108", "15 accounts.id_field", "small"),
    ("crm: name", "crm: phone", "C111", "16 accounts.fields", "crm: name"),
    ("{crm: name, shop: name}", "name", "C104", "17 accounts.fields[0]", "keys"),
    ("crm: name", "crm: cf_commercetools_id", "C110", "17 accounts.fields[0].crm", ""),
    ("email: {state", "email: {stat", "C101", "19 consent.email.stat", "state"),
    ("{state: custom.m", "{state: costum.m", "M106", "19 consent.email.state", "cust"),
    ("email: {state: custom.marketingOptIn, at", "email: {at", "C102",
     "19 consent.email.state", "missing"),
    ("[en, de]", "[english]", "C108", "20 locale.languages[0]", "en or de-CH"),
    ("crm_language: en", "crm_language: EN", "C108", "20 locale.crm_language", "en"),
    ("zone: UTC", "zone: Berlin", "C108", "20 locale.zone", "Europe/Berlin"),
    ("zone: UTC", "zone: ../UTC", "C108", "20 locale.zone", "Europe/Berlin"),
    ("region: DE", "region: Germany", "C108", "20 locale.region", "two letters"),
    ("poll_every: 60", "poll_every: 0", "C106", "21 sync.poll_every", "1 or more"),
    ("poll_every: 60", "poll_every: '60'", "C104", "21 sync.poll_every", "whole"),
    ("poll_every: 60", "poll_every: 1.5", "C104", "21 sync.poll_every", "fraction"),
    ("poll_every", "pol_every", "C101", "21 sync.pol_every", "'poll_every'"),
    ("bulk_from: 5", "bulk_from: 1", "C106", "21 sync.bulk_from", "2 or more"),
    ("partitions: 16", "partitions: 999", "C106", "21 sync.partitions", "256 or less"),
    ("partitions: 16", "partitions: true", "C104", "21 sync.partitions", "true"),
    ("name: a name arrives", "title: x", "C102", "23 tests[0].name", "missing"),
    ("kind: person", "kind: persn", "C103", "24 tests[0].kind", "'person'"),
    ("{first_name: Ada}\n    e", "3\n    e", "C104", "25 tests[0].shop", "keys"),
    ("expect: {first_name: {write: Ada}}", "expect: {}", "C105", "26 tests[0].expect",
     "empty"),
    ("{write: Ada}", "kep", "C108", "26 tests[0].expect.first_name", "keep"),
    ("{write: Ada}", "{wrote: 1}", "C108", "26 tests[0].expect.first_name", "write"),
    ("ct: {first", "ct: {fist", "C112", "26 tests[0].expect.fist_name", "first"),
    ("    expect", "    base: {x: 1}\n    expect", "C112", "26 tests[0].base.x", "map"),
    ("sync:", "freshsales: {api_key: x}\nsync:", "C101", "21 freshsales",
     "keys never stand in this file"),
    ("sync:", "sync: {}\nsync:", "Y107", "22 sync", "line 21 and again on line 22"),
    (GOOD, "", "C104", "1", "keys with values"),
    (GOOD, "- a", "C104", "1", "a list"),
]  # fmt: skip


@pytest.mark.parametrize("wrong", WRONG, ids=lambda wrong: f"{wrong[2]}-{wrong[3]}")
def test_each_fault_is_found_at_its_line(wrong: tuple[str, str, str, str, str]) -> None:
    """
    A faulty configuration is refused with line, path, reason and a remedy.
    """
    old, new, code, at, word = wrong
    assert old in GOOD

    findings = findings_of(GOOD.replace(old, new, 1))

    found = next(
        f for f in findings if (f.code, f.at) == (code, f"crosswalk.yaml:{at}")
    )
    assert word in f"{found.what}; {found.remedy}"
    assert found.remedy


def test_the_good_one_is_good() -> None:
    """
    The configuration that the faults are planted in has none of its own.
    """
    assert isinstance(load(GOOD), Config)


def test_all_faults_are_told_at_once() -> None:
    """
    Faults of YAML, shape, mapping and id are told in one go.
    """
    faulty = (
        GOOD.replace("shared_email: review", "shared_email: ask")
        .replace("[country]", "[contry]")
        .replace("crm: name,", "crm: cf_commercetools_id,")
        .replace("zone: UTC", "zone: UTC, zone: UTC")
    )

    assert [f.code for f in findings_of(faulty)] == ["C103", "Y107", "M102", "C110"]


def test_what_stands_in_the_wrong_place_is_not_repeated() -> None:
    """
    A key that somebody pasted into the file is in no finding.
    """
    pasted = GOOD + "freshsales: {api_key: canary-77}\n"
    pasted = pasted.replace("settle: 30", "settle: canary-77")

    with pytest.raises(Refused) as refused:
        load(pasted)

    assert len(refused.value.findings) == 2
    assert "canary-77" not in f"{refused.value} {refused.value.findings}"


def test_every_kind_of_complaint_has_words() -> None:
    """
    Each type of error that the shape can give is worded, and no other.
    """
    core = str(File.__pydantic_core_schema__)
    constraints = {
        "string_too_short": "'min_length'",
        "too_short": "'min_length'",
        "greater_than_equal": "'ge'",
        "less_than_equal": "'le'",
        "literal_error": "'literal'",
        "enum": "'enum'",
    }

    assert all(mark in core for mark in constraints.values())
    assert set(WORDING) == {*constraints, "refused", "extra_forbidden", "missing"}
    assert not set(WORDING) & set(WANTED)


def test_the_match_rules_are_those_of_the_domain() -> None:
    """
    The rules that may be named for contacts are those that exist.
    """
    wrong = GOOD.replace("[external_id, email]", f"[{', '.join(RULES)}]", 1)

    assert load(wrong).contacts.match == RULES


def test_a_configuration_has_a_map_for_each_kind() -> None:
    """
    Both kinds are compiled, field by field, in the order of the file.
    """
    maps = load(GOOD).maps

    assert [rule.crm for rule in maps[Kind.PERSON].rules] == [
        "first_name",
        "country",
        "cf_email_consent",
    ]
    assert [rule.crm for rule in maps[Kind.COMPANY].rules] == ["name"]


def test_the_hash_is_stable() -> None:
    """
    Comments, the order of keys, defaults written out and tests do not change the hash.
    """
    same = GOOD.replace("sync: {poll_every: 60, settle: 30,", "sync: {settle: 30,")
    same = same.replace("partitions: 16}", "partitions: 16, poll_every: 60}")
    same = "# a comment\n" + same.replace(", owner: shop, empty: ignore", "")
    same = same[: same.index("tests:")]

    assert load(same).hash == load(GOOD).hash
    assert len(load(GOOD).hash) == 64


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("poll_every: 60", "poll_every: 61"),
        ("owner: shop", "owner: manual"),
        ("[country]", "[{country: alpha2}]"),
        ("[external_id, email]", "[email, external_id]"),
        ("custom.marketingOptInAt", "custom.optInAt"),
    ],
)
def test_the_hash_is_sensitive(old: str, new: str) -> None:
    """
    Whatever has an effect changes the hash.
    """
    assert load(GOOD.replace(old, new)).hash != load(GOOD).hash


@pytest.mark.parametrize("variant", ["default", "minimal"])
def test_what_comes_along_is_clean(variant: Literal["default", "minimal"]) -> None:
    """
    Both configurations that come with Crosswalk load without a finding.
    """
    text = built_in(variant)

    assert load(text).maps[Kind.PERSON].rules
    assert text.startswith("# yaml-language-server: $schema=crosswalk.schema.json\n")


def test_the_minimal_one_needs_no_custom_field_but_the_id() -> None:
    """
    The minimal configuration maps standard fields only.
    """
    maps = load(built_in("minimal")).maps.values()

    assert not [r.crm for m in maps for r in m.rules if r.crm.startswith("cf_")]


def test_a_configuration_is_loaded_from_its_file(tmp_path: Path) -> None:
    """
    A file is loaded from its path; without a path the default one is taken.
    """
    path = tmp_path / "mine.yaml"
    path.write_text(GOOD, "utf-8")

    assert load_config(path).hash == load(GOOD).hash
    assert load_config(None).hash == load(built_in()).hash
