"""What must stay true of the repository as a whole."""

import re
import runpy
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

HOUSE = Path(__file__).resolve().parent.parent
FOLDERS = (".ci", "benchmarks", "docs", "requirements", "src", "tests")
LEFT_BEHIND = re.compile(r"__pycache__|\.egg-info|^\.coverage")
LINES_AT_MOST = 400

#: Where a path of somebody's machine or a package registry would show.
FOREIGN = re.compile(
    r"(?<![\w.-])/(?:work|root|home/(?!me/)\w+|tmp/venv)/"
    r"|files\.pythonhosted|pypi\.org|registry\.npmjs"
    r"|--(?:extra-)?index-url|--trusted-host|--find-links",
)
#: The file that has to name what it looks for.
SELF = "tests/test_house.py"

LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)|src=\"([^\"]+)\"")
FENCED = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)


def files(suffix: str = "") -> list[Path]:
    """Name the files of the repository, without what tools leave behind."""
    found = [
        *HOUSE.glob("*"),
        *(p for name in FOLDERS for p in (HOUSE / name).rglob("*")),
    ]
    return sorted(
        path
        for path in found
        if path.is_file()
        and path.suffix == (suffix or path.suffix)
        and not LEFT_BEHIND.search(str(path.relative_to(HOUSE)))
    )


def read(path: Path) -> str:
    """Read a file, whatever it holds."""
    return path.read_bytes().decode("utf-8", "replace")


def name(path: Path) -> str:
    """Name a file as the repository does."""
    return str(path.relative_to(HOUSE))


def links(page: Path) -> Iterator[str]:
    """Tell the links of a page that stay within the repository."""
    for target in LINK.findall(FENCED.sub("", read(page))):
        link = target[0] or target[1]
        if not link.startswith(("http://", "https://", "mailto:")):
            yield link


def anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, as code hosts make them."""
    headings = re.findall(r"^#+ (.+)$", FENCED.sub("", read(page)), re.MULTILINE)
    plain = (re.sub(r"[^\w\- ]", "", heading.lower()) for heading in headings)
    return {heading.replace(" ", "-") for heading in plain}


def test_no_file_names_a_machine_or_a_registry() -> None:
    """
    No file of the repository holds a path of a machine or an address of a registry.
    """
    found = [
        f"{name(path)}: {match.group()}"
        for path in files()
        if name(path) != SELF
        for match in [FOREIGN.search(read(path))]
        if match
    ]
    assert found == []


def test_no_code_file_is_long() -> None:
    """
    Every file of code stays within the number of lines that a person can hold.
    """
    lengths = {name(path): len(read(path).splitlines()) for path in files(".py")}
    assert {file: n for file, n in lengths.items() if n > LINES_AT_MOST} == {}


@pytest.mark.parametrize("page", files(".md"), ids=name)
def test_every_link_of_a_page_leads_somewhere(page: Path) -> None:
    """
    Each link within the repository names a file that exists, and a heading in it.
    """
    for link in links(page):
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), f"{name(page)} links to {link}"
        if anchor:
            assert anchor in anchors(target), f"{name(page)} links to {link}"


def test_every_page_is_linked_to() -> None:
    """
    A reader who starts at the README can reach every page of the documentation.
    """
    reached, waiting = set[Path](), [HOUSE / "README.md"]
    while waiting:
        page = waiting.pop()
        if page in reached or page.suffix != ".md" or not page.is_file():
            continue
        reached.add(page)
        for link in links(page):
            target = (page.parent / link.partition("#")[0]).resolve()
            waiting += sorted(target.glob("*.md")) if target.is_dir() else [target]
    assert [name(page) for page in files(".md") if page not in reached] == []


def test_every_field_of_the_built_in_mapping_is_listed() -> None:
    """
    Whoever connects a CRM reads of each custom field that the built-in mapping fills.
    """
    mapping = read(HOUSE / "src" / "crosswalk" / "settings" / "default.yaml")
    page = read(HOUSE / "docs" / "howto" / "connect-freshsales.md")
    mapped = set(re.findall(r"(?:crm|id_field): (cf_\w+)", mapping))
    assert mapped == set(re.findall(r"`(cf_\w+)`", page))


def test_the_changelog_has_a_place_for_what_comes_next() -> None:
    """
    The changelog opens with what is not released yet.
    """
    headings = re.findall(r"^## (.+)$", read(HOUSE / "CHANGELOG.md"), re.MULTILINE)
    assert headings[0] == "Unreleased"


PAGES = runpy.run_path(str(HOUSE / "docs" / "generate.py"))["PAGES"]


@pytest.mark.parametrize("page", PAGES)
def test_a_generated_page_is_up_to_date(
    page: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    Each generated page says what its generator says; `make docs` writes it anew.
    """
    # cyclopts puts parts of "python -m pytest" into the usage of a nested command.
    monkeypatch.setattr(sys, "argv", ["crosswalk"])
    assert read(HOUSE / "docs" / page) == PAGES[page]()


PIN = re.compile(r"^[\w.-]+(.*?)(?=^\S|\Z)", re.MULTILINE | re.DOTALL)


def test_the_pins_are_hashed_and_exact() -> None:
    """
    Each pinned requirement names one release and the hashes of its files.
    """
    for page in ("run.txt", "dev.txt"):
        pins = PIN.findall(read(HOUSE / "requirements" / page))
        assert pins
        assert all(re.match(r"==\S+ \\\n +--hash=sha256:", pin) for pin in pins)
