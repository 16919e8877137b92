"""OData's `$filter`: an expression over the properties of a listed resource.

What is understood is that of OData 4.0, part 2, section 5.1.1, that lists of resources have a use for:
comparisons, `and`, `or`, `not`, parentheses, the functions on strings, and of version 3 `substringof`.
Strings are compared without case, as Resource Manager does.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from airflow_provider_adls.emulator.arm.regions import short

#: Tells whether a resource, as it is listed, is wanted.
Filter = Callable[[Mapping[str, Any]], bool]
#: Gives a value for a resource.
_Value = Callable[[Mapping[str, Any]], Any]

_TOKEN = re.compile(
    r"""\s*(?:
        (?:datetime|guid)?(?P<string>'(?:[^']|'')*')
      | (?P<time>\d{4}-\d\d-\d\d(?:T[\d:.]+(?:Z|[+-]\d\d:\d\d)?)?)
      | (?P<number>-?\d+(?:\.\d+)?)
      | (?P<word>[A-Za-z_][\w./-]*)
      | (?P<sign>[(),])
    )""",
    re.VERBOSE,
)
_COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "eq": lambda left, right: left == right,
    "ne": lambda left, right: left != right,
    "gt": lambda left, right: left > right,
    "ge": lambda left, right: left >= right,
    "lt": lambda left, right: left < right,
    "le": lambda left, right: left <= right,
}
_FUNCTIONS: dict[str, tuple[int, Callable[..., Any]]] = {
    "startswith": (2, lambda text, part: str(text).startswith(str(part))),
    "endswith": (2, lambda text, part: str(text).endswith(str(part))),
    "contains": (2, lambda text, part: str(part) in str(text)),
    "substringof": (2, lambda part, text: str(part) in str(text)),
    "tolower": (1, lambda text: text),
    "toupper": (1, lambda text: text),
    "length": (1, lambda text: len(str(text))),
}
#: Functions that are true or false.
_CONDITIONS = {"startswith", "endswith", "contains", "substringof"}
_LITERALS = {"true": True, "false": False, "null": None}
#: Names that filters have for properties.
_SYNONYMS = {"resourcetype": "type"}
#: Members of a listed resource; other names are those of its `properties`.
_MEMBERS = frozenset(
    {
        "changedtime",
        "createdtime",
        "id",
        "identity",
        "location",
        "managedby",
        "name",
        "properties",
        "tags",
        "type",
    }
)
_KNOWN = _MEMBERS | {
    "accountid",
    "creationtime",
    "endpoint",
    "lastmodifiedtime",
    "provisioningstate",
    "resourcegroup",
    "resourcetype",
    "state",
}


class FilterError(ValueError):
    """An expression that is none, or asks for what there is not."""


def parse(text: str) -> Filter:
    """The filter that an expression is.

    :raises FilterError: if it is none.
    """
    try:
        parser = _Parser(text)
        found = parser.either()
        parser.end()
    except RecursionError:
        raise FilterError("too deep") from None
    return lambda resource: bool(found(resource))


def is_property(name: str) -> bool:
    """Whether listed resources may have a property of this name or path."""
    return name.partition("/")[0].lower() in _KNOWN and bool(name.rpartition("/")[2])


def path(name: str) -> tuple[str, ...]:
    """Where a property stands in a listed resource: with `properties` before it, where that was left out."""
    names = tuple(_SYNONYMS.get(name.lower(), name).split("/"))
    return names if names[0].lower() in _MEMBERS else ("properties", *names)


def value(resource: Mapping[str, Any], name: str) -> Any:
    """The value of a property, by its name or path; None if the resource has none."""
    if name.lower() == "resourcegroup":
        return resource["id"].split("/")[4]
    found: Any = resource
    for step in path(name):
        if not isinstance(found, Mapping):
            return None
        found = next((each for key, each in found.items() if key.lower() == step.lower()), None)
    return found


class _Parser:
    """Recursive descent; each level of precedence is a method."""

    def __init__(self, text: str) -> None:
        self._tokens: list[tuple[str, str]] = []
        at, text = 0, text.rstrip()
        while at < len(text):
            match = _TOKEN.match(text, at)
            if match is None:
                raise FilterError(f"at {text[at : at + 20]!r}")
            self._tokens.append((str(match.lastgroup), match[str(match.lastgroup)]))
            at = match.end()
        self._next = 0

    def end(self) -> None:
        """Nothing may be left."""
        if self._next < len(self._tokens):
            raise FilterError(f"at {self._tokens[self._next][1]!r}")

    def either(self) -> _Value:
        """A row of conditions with `or`."""
        conditions = [self._both()]
        while self._took("or"):
            conditions.append(self._both())
        return _any(conditions)

    def _both(self) -> _Value:
        """A row of conditions with `and`."""
        conditions = [self._not()]
        while self._took("and"):
            conditions.append(self._not())
        return _all(conditions)

    def _not(self) -> _Value:
        if self._took("not"):
            condition = self._not()
            return lambda resource: not condition(resource)
        return self._comparison()

    def _comparison(self) -> _Value:
        if self._took("("):
            inner = self.either()
            self._need(")")
            return inner
        if self._took("tagname"):
            return self._tag()
        about = {self._peek()[1].lower()}
        left = self._operand()
        kind, word = self._peek()
        if kind != "word" or word.lower() not in _COMPARISONS:
            if about & (_CONDITIONS | {"true", "false"}):
                return left
            raise FilterError(f"at {word!r}" if word else "at its end")
        self._next += 1
        about.add(self._peek()[1].lower())
        compare, right = _COMPARISONS[word.lower()], self._operand()
        # A region goes by two names.
        plain = _region if "location" in about else _same

        def compared(resource: Mapping[str, Any]) -> bool:
            try:
                return compare(plain(left(resource)), plain(right(resource)))
            except TypeError:
                # Values of two kinds, or one that is not there, are in no order.
                return False

        return compared

    def _tag(self) -> _Value:
        """What is behind `tagName`: `eq 'name'`, and perhaps `and tagValue eq 'value'`, of that tag."""
        name, wanted = self._equal(), None
        if self._words(2) == ["and", "tagvalue"]:
            self._next += 2
            wanted = self._equal()

        def tagged(resource: Mapping[str, Any]) -> bool:
            tags = resource.get("tags") or {}
            return any(tag.lower() == name and wanted in (None, found.lower()) for tag, found in tags.items())

        return tagged

    def _equal(self) -> str:
        self._need("eq")
        kind, text = self._peek()
        if kind != "string":
            raise FilterError(f"at {text!r}")
        self._next += 1
        return _literal(text)

    def _words(self, count: int) -> list[str]:
        return [text.lower() for _, text in self._tokens[self._next : self._next + count]]

    def _operand(self) -> _Value:
        kind, text = self._peek()
        self._next += 1
        match kind:
            case "string":
                literal: Any = _literal(text)
            case "time":
                literal = text.lower()
            case "number":
                literal = float(text)
            case "word" if text.lower() in _LITERALS:
                literal = _LITERALS[text.lower()]
            case "word" if self._took("("):
                return self._call(text)
            case "word" if text.lower() not in _RESERVED:
                return _property(text)
            case _:
                raise FilterError(f"at {text!r}" if text else "at its end")
        return lambda _resource: literal

    def _call(self, name: str) -> _Value:
        if name.lower() not in _FUNCTIONS:
            raise FilterError(f"function {name!r}")
        count, function = _FUNCTIONS[name.lower()]
        arguments = [self._operand()]
        while self._took(","):
            arguments.append(self._operand())
        self._need(")")
        if len(arguments) != count:
            raise FilterError(f"function {name!r} has {count} arguments")
        return lambda resource: function(*(argument(resource) for argument in arguments))

    def _peek(self) -> tuple[str, str]:
        return self._tokens[self._next] if self._next < len(self._tokens) else ("", "")

    def _took(self, word: str) -> bool:
        kind, text = self._peek()
        taken = kind in ("word", "sign") and text.lower() == word
        self._next += taken
        return taken

    def _need(self, sign: str) -> None:
        if not self._took(sign):
            raise FilterError(f"without {sign!r}")


_RESERVED = {"and", "or", "not", *_COMPARISONS}


def _property(name: str) -> _Value:
    if not is_property(name):
        raise FilterError(f"property {name!r}")

    def read(resource: Mapping[str, Any]) -> Any:
        found = value(resource, name)
        return found.lower() if isinstance(found, str) else found

    return read


def _literal(text: str) -> str:
    return text[1:-1].replace("''", "'").lower()


def _region(value: Any) -> Any:
    return short(value) if isinstance(value, str) else value


def _same(value: Any) -> Any:
    return value


def _any(conditions: list[_Value]) -> _Value:
    if len(conditions) == 1:
        return conditions[0]
    return lambda resource: any(condition(resource) for condition in conditions)


def _all(conditions: list[_Value]) -> _Value:
    if len(conditions) == 1:
        return conditions[0]
    return lambda resource: all(condition(resource) for condition in conditions)
