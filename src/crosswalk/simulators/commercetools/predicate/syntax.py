"""The text of a predicate to its tree."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, NoReturn

import orjson

#: Deeper predicates are refused, as any server must refuse them somewhere.
MAX_DEPTH: Final = 50

Value = str | int | float | bool


class PredicateError(Exception):
    """A predicate that cannot be read or asks for what is not there."""


@dataclass(frozen=True, slots=True)
class Variable:
    """A value that comes from the parameters ``var.<name>``."""

    name: str


@dataclass(frozen=True, slots=True)
class Compare:
    """A field against one value; ``op`` is =, !=, <, >, <= or >=."""

    field: str
    op: str
    value: Value | Variable


@dataclass(frozen=True, slots=True)
class Within:
    """A field against a list; ``op`` is in, not in, contains all or contains any."""

    field: str
    op: str
    values: tuple[Value | Variable, ...]


@dataclass(frozen=True, slots=True)
class Presence:
    """Whether a field is there; ``word`` is empty or defined."""

    field: str
    word: str
    negated: bool


@dataclass(frozen=True, slots=True)
class Nested:
    """A predicate on the inside of a field."""

    field: str
    inside: "Node"


@dataclass(frozen=True, slots=True)
class All:
    """Every part holds."""

    parts: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Some:
    """At least one part holds."""

    parts: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Negation:
    """The part does not hold."""

    part: "Node"


Node = Compare | Within | Presence | Nested | All | Some | Negation

_TOKEN: Final = re.compile(
    r"""\s*(?:
      (?P<text>"(?:[^"\\]|\\.)*")
    | (?P<number>-?\d+(?:\.\d+)?)
    | (?P<variable>:[A-Za-z0-9]+)
    | (?P<name>[A-Za-z_][A-Za-z0-9_]*|`[^`]+`)
    | (?P<sign><>|!=|<=|>=|=|<|>|\(|\)|,)
    )""",
    re.VERBOSE,
)
_COMPARISONS: Final = frozenset({"=", "!=", "<>", "<", ">", "<=", ">="})
_WORDS: Final = frozenset(
    {"and", "or", "not", "in", "contains", "is", "empty", "defined"}
)


@lru_cache(maxsize=1024)
def parse(text: str) -> Node:
    """Read one predicate.

    Raises:
        PredicateError: it does not follow the grammar.
    """
    return _Parser(text).whole()


class _Parser:
    """One pass over the tokens of a predicate."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = list(_tokens(text))
        self._at = 0
        self._depth = 0

    def whole(self) -> Node:
        node = self._either()
        if self._peek() != ("end", ""):
            self._refuse("end of input")
        return node

    def _either(self) -> Node:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise PredicateError("The predicate is nested too deeply.")
        parts = self._chain("or", self._chain_of_all)
        self._depth -= 1
        return parts[0] if len(parts) == 1 else Some(parts)

    def _chain_of_all(self) -> Node:
        parts = self._chain("and", self._single)
        return parts[0] if len(parts) == 1 else All(parts)

    def _chain(self, word: str, read: Callable[[], Node]) -> tuple[Node, ...]:
        parts = [read()]
        while self._take("name", word):
            parts.append(read())
        return tuple(parts)

    def _single(self) -> Node:
        if self._take("name", "not"):
            return Negation(self._parenthesised())
        if self._peek() == ("sign", "("):
            return self._parenthesised()
        field = self._field()
        if self._peek() == ("sign", "("):
            return Nested(field, self._parenthesised())
        return self._condition(field)

    def _parenthesised(self) -> Node:
        self._expect("sign", "(")
        node = self._either()
        self._expect("sign", ")")
        return node

    def _field(self) -> str:
        kind, text = self._peek()
        if kind != "name" or text in _WORDS:
            self._refuse("a field name")
        self._at += 1
        return text.strip("`")

    def _condition(self, field: str) -> Node:
        kind, text = self._peek()
        if kind == "sign" and text in _COMPARISONS:
            self._at += 1
            return Compare(field, "!=" if text == "<>" else text, self._value())
        if self._take("name", "is"):
            negated = self._take("name", "not")
            word = self._one_word("empty", "defined")
            return Presence(field, word, negated)
        return Within(field, self._list_operator(), self._values())

    def _list_operator(self) -> str:
        if self._take("name", "in"):
            return "in"
        if self._take("name", "not"):
            self._expect("name", "in")
            return "not in"
        if self._take("name", "contains"):
            return f"contains {self._one_word('all', 'any')}"
        return self._refuse("a comparison")

    def _values(self) -> tuple[Value | Variable, ...]:
        if self._peek()[0] == "variable":
            return (self._value(),)
        self._expect("sign", "(")
        values = [self._value()]
        while self._take("sign", ","):
            values.append(self._value())
        self._expect("sign", ")")
        return tuple(values)

    def _value(self) -> Value | Variable:
        kind, text = self._peek()
        self._at += 1
        if kind == "text":
            return _unquote(text)
        if kind == "number":
            return float(text) if "." in text else int(text)
        if kind == "variable":
            return Variable(text[1:])
        if text in {"true", "false"}:
            return text == "true"
        self._at -= 1
        return self._refuse("a value")

    def _one_word(self, *words: str) -> str:
        for word in words:
            if self._take("name", word):
                return word
        return self._refuse(" or ".join(f"'{word}'" for word in words))

    def _peek(self) -> tuple[str, str]:
        return self._tokens[self._at]

    def _take(self, kind: str, text: str) -> bool:
        if self._tokens[self._at] != (kind, text):
            return False
        self._at += 1
        return True

    def _expect(self, kind: str, text: str) -> None:
        if not self._take(kind, text):
            self._refuse(f"'{text}'")

    def _refuse(self, expected: str) -> NoReturn:
        found = self._peek()[1] or "end of input"
        raise PredicateError(f"Syntax error: expected {expected}, found '{found}'.")


def _tokens(text: str) -> list[tuple[str, str]]:
    found, at = [], 0
    while text[at:].strip():
        match = _TOKEN.match(text, at)
        if match is None or match.lastgroup is None:
            raise PredicateError(f"Syntax error: unexpected '{text[at:].strip()[0]}'.")
        found.append((match.lastgroup, match[match.lastgroup]))
        at = match.end()
    return [*found, ("end", "")]


def _unquote(text: str) -> str:
    try:
        return str(orjson.loads(text))
    except orjson.JSONDecodeError as error:
        raise PredicateError(f"Syntax error: {text} is not a string.") from error
