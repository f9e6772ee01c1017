"""That what is published about settings and crosswalk.yaml is what holds."""

import json
import re
from pathlib import Path
from typing import Literal

import jsonschema
import pytest

from crosswalk.settings import complaints, refused, shape
from crosswalk.settings.config import built_in
from crosswalk.settings.document import read_yaml
from crosswalk.settings.pages import PAGES
from crosswalk.settings.schema import json_schema
from crosswalk.settings.variables import Setting, describe

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
SOURCES = Path(refused.__file__).parent


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_what_its_declarations_say(path: str) -> None:
    """
    Every generated page is committed as it would be written now (`make docs`).
    """
    assert (DOCS / path).read_text("utf-8") == PAGES[path]()


@pytest.mark.parametrize("setting", list(describe()), ids=lambda setting: setting.name)
def test_every_setting_is_documented(setting: Setting) -> None:
    """
    A setting without a heading and a meaning does not exist.
    """
    page = (DOCS / "reference/settings.md").read_text("utf-8")

    assert f"### `{setting.name}`\n\n{setting.help}" in page
    assert setting.help


@pytest.mark.parametrize(
    "section", shape.Section.__subclasses__(), ids=lambda section: section.__name__
)
def test_every_key_is_documented(section: type[shape.Section]) -> None:
    """
    Every key that crosswalk.yaml may have stands in its reference page.
    """
    page = (DOCS / "reference/configuration.md").read_text("utf-8")

    assert [key for key in section.model_fields if f"`{key}`" not in page] == []
    assert all(info.description for info in section.model_fields.values())


@pytest.mark.parametrize("variant", ["default", "minimal"])
def test_what_comes_along_fits_the_schema(
    variant: Literal["default", "minimal"],
) -> None:
    """
    The configurations that come with Crosswalk are valid by the published schema.
    """
    text = built_in(variant)

    jsonschema.Draft202012Validator.check_schema(json_schema())
    jsonschema.validate(read_yaml(text.encode(), name=variant).content, json_schema())


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("owner: seed", "owner: sed"),
        ("transform: [trim]", "transform: [trimm]"),
        ("transform: [e164: drop]", "transform: [e165: drop]"),
        ("crm: first_name", "cmr: first_name"),
        ("expect: {", "expect: {first_name: kep, "),
        ("shared_email: review", "shared_email: ask"),
    ],
)
def test_the_schema_refuses_what_is_wrong(old: str, new: str) -> None:
    """
    An editor that knows the schema marks unknown keys, owners, transforms and verdicts.
    """
    text = built_in("minimal").replace(old, new, 1)
    content = read_yaml(text.encode(), name="crosswalk.yaml").content

    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(content, json_schema())


def test_every_code_is_known() -> None:
    """
    The codes in the sources are those in the table of codes, each with a meaning.
    """
    texts = [path.read_text("utf-8") for path in SOURCES.glob("*.py")]
    used = {
        code
        for text in texts
        for code in re.findall(r'"([CETY]1\d\d)"(?!: "A|: "T|: "S)', text)
    }

    assert used == set(refused.CODES)


def test_what_people_try_elsewhere_is_no_key() -> None:
    """
    What is said to have another home has none in the file.
    """
    assert not complaints.ELSEWHERE.keys() & shape.File.model_fields.keys()


def test_the_schema_is_json() -> None:
    """
    The published schema is JSON and describes every section of the file.
    """
    schema = json.loads(PAGES["reference/crosswalk.schema.json"]())

    assert schema["properties"].keys() == shape.File.model_fields.keys()
