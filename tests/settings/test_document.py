"""How a YAML file is read, and when it is not."""

from pathlib import Path

import pytest

from crosswalk.domain.lint import Finding
from crosswalk.settings.document import (
    DEEPEST,
    LARGEST,
    MOST,
    YamlFile,
    load_yaml,
    read_yaml,
)
from crosswalk.settings.refused import Refused


def read(text: str) -> YamlFile:
    """Read a text as crosswalk.yaml."""
    return read_yaml(text.encode(), name="crosswalk.yaml")


def refusal(text: str) -> Finding:
    """Return the one finding that keeps a text from being read."""
    with pytest.raises(Refused) as refused:
        read(text)
    (finding,) = refused.value.findings
    return finding


@pytest.mark.parametrize(
    ("spelled", "value"),
    [
        ("NO", "NO"),
        ("yes", "yes"),
        ("2024-02-29", "2024-02-29"),
        ("01097", "01097"),
        ("1e3", "1e3"),
        ("0x10", "0x10"),
        ("9" * 40, "9" * 40),
        ("'12'", "12"),
        ("12", 12),
        ("-3", -3),
        ("0.5", 0.5),
        ("true", True),
        ("False", False),
        ("null", None),
        ("~", None),
        ("", None),
        ("'null'", "null"),
    ],
)
def test_only_words_and_numbers_are_more_than_text(spelled: str, value: object) -> None:
    """
    Without quotes, true, false, null and plain numbers are values; all else is text.
    """
    content = read(f"key: {spelled}").content

    assert content == {"key": value}
    assert type(content["key"]) is type(value)


def test_every_part_knows_its_line() -> None:
    """
    A key, an item and a nested key are named with the line they stand on.
    """
    file = read("# first\na: 1\nb:\n  - c\n  - d: 2\n    e: 3\n")

    assert file.place(("a",)) == "crosswalk.yaml:2 a"
    assert file.place(("b", 0)) == "crosswalk.yaml:4 b[0]"
    assert file.place(("b", 1, "e")) == "crosswalk.yaml:6 b[1].e"


def test_what_is_missing_is_named_where_it_should_be() -> None:
    """
    A key that is not there is named with the line of the nearest thing around it.
    """
    file = read("a: 1\nb:\n  - d: 2\n")

    assert file.place(("b", 0, "x", "y")) == "crosswalk.yaml:3 b[0].x.y"
    assert read("").place(("a",)) == "crosswalk.yaml:1 a"


def test_a_key_twice_is_found_with_both_lines_and_the_rest_is_read() -> None:
    """
    Every repeated key is a finding that names both lines; the first value counts.
    """
    file = read("a: 1\nb: {x: 1, x: 2}\nc: 3\na: 4\n")

    assert [(f.code, f.at, f.what) for f in file.findings] == [
        ("Y107", "crosswalk.yaml:2 b.x", "'x' stands on line 2 and again on line 2"),
        ("Y107", "crosswalk.yaml:4 a", "'a' stands on line 1 and again on line 4"),
    ]
    assert file.content == {"a": 1, "b": {"x": 1}, "c": 3}


@pytest.mark.parametrize(
    ("text", "code", "at"),
    [
        ("a: &x 1\n", "Y106", "crosswalk.yaml:1"),
        ("a: 1\nb: *x\n", "Y106", "crosswalk.yaml:2"),
        ("a: !!python/name:os.system 1\n", "Y108", "crosswalk.yaml:1"),
        ("a: 1\n? [b]\n: 2\n", "Y109", "crosswalk.yaml:2"),
        ("a: 1\n---\nb: 2\n", "Y110", "crosswalk.yaml:2"),
        ("a: [1\nb: 2\n", "Y104", "crosswalk.yaml:2:2"),
        ("a: 1\n  b: 2\n", "Y104", "crosswalk.yaml:2:4"),
        ("a: 'x\n", "Y104", "crosswalk.yaml:2:1"),
        ("a:\n\tb: 1\n", "Y104", "crosswalk.yaml:2:1"),
        ("a: \x07\n", "Y104", "crosswalk.yaml"),
    ],
)
def test_what_is_not_read_is_refused_at_its_line(text: str, code: str, at: str) -> None:
    """
    Anchors, tags, odd keys, a second document and broken YAML are refused in place.
    """
    finding = refusal(text)

    assert (finding.code, finding.at.split(" ")[0]) == (code, at)
    assert finding.remedy


def test_a_syntax_error_shows_the_line() -> None:
    """
    A syntax error carries line, column and the text of the offending line.
    """
    finding = refusal("a: 1\nb: c: d\n")

    assert finding.at == "crosswalk.yaml:2:5"
    assert finding.what.endswith("in: b: c: d")


@pytest.mark.parametrize("opening", ["[", "{a: ", "- "])
def test_depth_is_limited(opening: str) -> None:
    """
    A file may nest as deep as the limit says and no deeper.
    """
    closing = {"[": "]", "{a: ": "}", "- ": ""}[opening]
    deepest = opening * DEEPEST + "1" + closing * DEEPEST

    assert read(deepest).content
    assert refusal(opening + deepest + closing).code == "Y105"


def test_a_bomb_is_refused_before_it_is_expanded() -> None:
    """
    A file of anchors within anchors is refused at its first anchor, unexpanded.
    """
    bomb = "a: &a [x, x]\n" + "".join(
        f"{new}: &{new} [{', '.join([f'*{old}'] * 9)}]\n"
        for old, new in zip("abcdefgh", "bcdefghi", strict=True)
    )

    assert refusal(bomb).at == "crosswalk.yaml:1"


def test_an_unclosed_megabyte_is_refused_at_the_depth_limit() -> None:
    """
    A megabyte of opening brackets is refused for its depth, without recursion.
    """
    assert refusal("[" * LARGEST).code == "Y105"


def test_a_file_of_very_many_values_is_refused() -> None:
    """
    A file with more values than a configuration could have is not read to its end.
    """
    assert read("- a\n" * (MOST - 1)).content
    assert refusal("- a\n" * MOST).at == f"crosswalk.yaml:{MOST}"


def test_a_file_that_cannot_be_read_is_one_finding(tmp_path: Path) -> None:
    """
    A missing file, a folder, a large file and one that is not UTF-8 each say so.
    """
    large, latin = tmp_path / "large.yaml", tmp_path / "latin.yaml"
    large.write_bytes(b"#" * (LARGEST + 1))
    latin.write_bytes(b"a: 1\nb: \xe4\n")
    expected = {
        tmp_path / "none.yaml": ("Y101", str(tmp_path / "none.yaml")),
        tmp_path: ("Y101", str(tmp_path)),
        large: ("Y102", "large.yaml"),
        latin: ("Y103", "latin.yaml:2"),
    }

    for path, (code, at) in expected.items():
        with pytest.raises(Refused) as refused:
            load_yaml(path)
        assert [(f.code, f.at) for f in refused.value.findings] == [(code, at)]
