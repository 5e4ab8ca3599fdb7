"""The keywords of the schema, in words for a person.

They replace the ones of the ``jsonschema`` library, which write out whole values: what is wrong, the value got,
what is allowed, an example. Each yields what is wrong with an instance of a schema.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from ecr_access.documents.document import Fields
from ecr_access.manifest.formats import FORMATS
from ecr_access.manifest.values import as_integer
from ecr_access.manifest.wanted import not_wanted, write_example
from ecr_access.wording import did_you_mean, quoted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    Schema = Mapping[str, Any]
    Keyword = Callable[[Any, Any, Any, dict[str, Any]], Iterator[Any]]


def _type(validator: Any, types: str | list[str], instance: object, schema: Schema) -> Iterator[Any]:
    wanted = [types] if isinstance(types, str) else types
    if not any(validator.is_type(instance, one) for one in wanted):
        yield _wrong(not_wanted(wanted, instance, schema))
    elif isinstance(instance, Fields):
        yield from (_wrong(f"key {quoted(key)} is given twice; keep one") for key in instance.repeated)


def _additional_properties(validator: Any, allowed: object, instance: Any, schema: Schema) -> Iterator[Any]:
    if not validator.is_type(instance, "object"):
        return
    known, patterns = schema.get("properties", {}), schema.get("patternProperties", {})
    for key in [
        one for one in instance if one not in known and not any(re.search(each, str(one)) for each in patterns)
    ]:
        if allowed is False:
            listed = ", ".join(repr(one) for one in known if not one.startswith("$"))
            yield _wrong(f"unknown key {quoted(str(key))}; allowed: {listed}{did_you_mean(str(key), known)}", str(key))
        else:
            yield from validator.descend(instance[key], allowed, path=str(key))


def _property_names(validator: Any, names: object, instance: Any, _schema: Schema) -> Iterator[Any]:
    """Judge each key at its own path."""
    if validator.is_type(instance, "object"):
        for key in instance:
            yield from validator.descend(str(key), names, path=str(key))


def _required(keys: Sequence[str], instance: Mapping[str, object], schema: Schema) -> Iterator[str]:
    yield from (f"{key!r} is missing{write_example(schema)}" for key in keys if key not in instance)


def _any_of(branches: Sequence[Schema], instance: Mapping[str, object], schema: Schema) -> Iterator[str]:
    """Want one of several keys, which is all that the schema uses it for."""
    keys = [key for branch in branches for key in branch["required"]]
    if not any(key in instance for key in keys):
        *others, last = map(repr, keys)
        yield f"{', '.join(others)} or {last} is missing{write_example(schema)}"


def _one_of(branches: Sequence[Schema], instance: Mapping[str, object], schema: Schema) -> Iterator[str]:
    """Want exactly one of several keys."""
    yield from _any_of(branches, instance, schema)
    given = [key for branch in branches for key in branch["required"] if key in instance]
    if len(given) > 1:
        yield f"has {' and '.join(map(repr, given))}; keep one"


def _enum(validator: Any, allowed: Sequence[Any], instance: object, _schema: Schema) -> Iterator[Any]:
    listed = ", ".join(map(repr, allowed))
    if isinstance(instance, str) and validator.is_type(instance, "string"):
        # Of a text where a number is wanted, the type is wrong.
        texts = [one for one in allowed if isinstance(one, str)]
        if texts and instance not in texts:
            yield _wrong(f"{quoted(instance)} is not known; allowed: {listed}{did_you_mean(instance, texts)}")
    elif validator.is_type(instance, "integer") and as_integer(instance) not in allowed:
        yield _wrong(f"{as_integer(instance)} is not allowed; allowed: {listed}")


def _format(name: str, instance: str, _schema: Schema) -> Iterator[str]:
    if problem := FORMATS[name](instance):
        yield problem


def _pattern(pattern: str, instance: str, schema: Schema) -> Iterator[str]:
    # A format says the same, and why: its pattern and its lengths are for editors, which do not know it. The patterns
    # are anchored, which to Python leaves room for a line break at the end.
    if "format" not in schema and not re.fullmatch(pattern, instance):
        yield f"{quoted(instance)} cannot stand here; {schema['patternErrorMessage']}"


def _min_length(smallest: int, instance: str, schema: Schema) -> Iterator[str]:
    if "format" not in schema and len(instance) < smallest:
        yield f"{quoted(instance)} is too short; allowed: {smallest} or more characters"


def _max_length(largest: int, instance: str, schema: Schema) -> Iterator[str]:
    if "format" not in schema and len(instance) > largest:
        yield f"{quoted(instance)} has {len(instance)} characters; allowed: at most {largest}"


def _minimum(smallest: int, instance: object, _schema: Schema) -> Iterator[str]:
    number = as_integer(instance)
    if number is not None and number < smallest:
        yield f"{number} is too small; allowed: {smallest} or more"


def _maximum(largest: int, instance: object, _schema: Schema) -> Iterator[str]:
    number = as_integer(instance)
    if number is not None and number > largest:
        yield f"{number} is too large; allowed: {largest} or less"


def _min_items(smallest: int, instance: Sequence[object], schema: Schema) -> Iterator[str]:
    if len(instance) < smallest:
        yield str(schema["emptyErrorMessage"])


def _at_most(largest: int, instance: Sequence[object], _schema: Schema) -> Iterator[str]:
    if len(instance) > largest:
        yield f"{len(instance)} are given; allowed: at most {largest}"


def _wrong(message: str, *path: str) -> Any:
    from jsonschema import ValidationError  # type: ignore[import-untyped]

    return ValidationError(message, path=path)


def _of(kind: str, words: Callable[[Any, Any, Schema], Iterator[str]]) -> Keyword:
    """Make a keyword that judges values of a kind, and nothing else, of words for what is wrong."""

    def keyword(validator: Any, argument: Any, instance: Any, schema: dict[str, Any]) -> Iterator[Any]:
        if validator.is_type(instance, kind):
            yield from map(_wrong, words(argument, instance, schema))

    return keyword


KEYWORDS: Final[dict[str, Keyword | None]] = {
    "type": _type,
    "additionalProperties": _additional_properties,
    "propertyNames": _property_names,
    "required": _of("object", _required),
    "anyOf": _of("object", _any_of),
    "oneOf": _of("object", _one_of),
    "maxProperties": _of("object", _at_most),
    "minItems": _of("array", _min_items),
    "maxItems": _of("array", _at_most),
    "enum": _enum,
    "format": _of("string", _format),
    "pattern": _of("string", _pattern),
    "minLength": _of("string", _min_length),
    "maxLength": _of("string", _max_length),
    "minimum": _of("integer", _minimum),
    "maximum": _of("integer", _maximum),
    # Who reads the items says where the first of two is.
    "uniqueItems": None,
}
