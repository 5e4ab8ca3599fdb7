"""The schema that editors complete from is the one that manifests are validated by."""

from __future__ import annotations

import json
import re
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from ecr_access.ecr.names import MAX_LENGTH, MIN_LENGTH, REPOSITORY_NAME_PATTERN
from ecr_access.manifest import ManifestError, parse_manifest
from ecr_access.manifest.document import parse_document
from ecr_access.manifest.formats import FORMATS
from ecr_access.manifest.keywords import KEYWORDS
from ecr_access.manifest.structure import followed as followed_reference
from ecr_access.manifest.structure import schema, structural_problems

if TYPE_CHECKING:
    from collections.abc import Iterator

ANNOTATIONS = {
    *("$schema", "$id", "$defs", "title", "description", "examples", "default"),
    *("errorExamples", "patternErrorMessage", "emptyErrorMessage"),
}
LEFT_TO_JSONSCHEMA = {"$ref", "properties", "patternProperties", "items", "if", "then"}


def subschemas(value: object = None) -> Iterator[dict[str, Any]]:
    """Yield every schema in the schema."""
    value = schema() if value is None else value
    if isinstance(value, dict):
        yield value
        for key, inner in value.items():
            if key in {"properties", "patternProperties", "$defs"}:
                for one in inner.values():
                    yield from subschemas(one)
            elif key in {"items", "if", "then", "additionalProperties", "propertyNames"} and inner is not False:
                yield from subschemas(inner)


def followed(one: dict[str, Any]) -> dict[str, Any]:
    """Follow a reference to a definition."""
    while "$ref" in one:
        one = {**followed_reference(one["$ref"]), **{k: v for k, v in one.items() if k != "$ref"}}
    return one


def examples(one: dict[str, Any]) -> list[Any]:
    """The ones for editors, and the ones for messages."""
    return [*one.get("errorExamples", ()), *one.get("examples", ())]


def test_the_schema_is_one_of_draft_2020_12() -> None:
    """Editors and other tools read it by that draft."""
    assert schema()["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    Draft202012Validator.check_schema(schema())


def test_every_keyword_has_words_or_needs_none() -> None:
    """A keyword without words of ours would write out whole values in its message."""
    used = {key for one in subschemas() for key in one}
    assert used - ANNOTATIONS - LEFT_TO_JSONSCHEMA == set(KEYWORDS)


def test_every_key_is_told_to_a_person() -> None:
    """Editors show the title and the description of a key."""
    keys = {key: followed(one) for found in subschemas() for key, one in found.get("properties", {}).items()}
    assert {key for key, one in keys.items() if "title" not in one} == set()
    assert {key for key, one in keys.items() if "description" not in one} == set()


def test_no_mapping_takes_a_key_that_is_not_known() -> None:
    """Nothing is accepted and silently ignored."""
    assert all("additionalProperties" in one for one in subschemas() if "object" in one.get("type", ()))


def test_the_examples_are_valid() -> None:
    """What an editor offers, and a message tells to write, is accepted."""
    for one in subschemas():
        validator = Draft202012Validator({**one, "$defs": schema()["$defs"]})
        for given_ in [*examples(one), *([one["default"]] if "default" in one else ())]:
            validator.validate(given_)


def test_every_pattern_has_words_and_ends_where_the_text_does() -> None:
    """Editors show the words in place of a regular expression."""
    for one in subschemas():
        if "pattern" in one:
            assert one["patternErrorMessage"].startswith("allowed: ")
            assert (one["pattern"][0], one["pattern"][-1]) == ("^", "$")


def test_the_pattern_of_a_name_is_that_of_the_construct() -> None:
    """There is one rule for names, of which editors see the pattern."""
    name = schema()["$defs"]["repository_name"]
    assert name["pattern"] == f"^{REPOSITORY_NAME_PATTERN}$"
    assert (name["minLength"], name["maxLength"]) == (MIN_LENGTH, MAX_LENGTH)


FORMATTED = {one["format"]: one for one in subschemas() if "format" in one}


def test_every_format_is_used() -> None:
    """A format that the schema does not name would judge nothing."""
    assert set(FORMATTED) == set(FORMATS)


@pytest.mark.parametrize("name", sorted(FORMATS))
@given(data=st.data())
def test_a_pattern_says_what_its_format_says(name: str, data: st.DataObject) -> None:
    """An editor accepts what the app accepts; a format may refuse more, such as a role that reads as something else."""
    one = FORMATTED[name]
    text = data.draw(st.from_regex(re.compile(one["pattern"]), fullmatch=True) | st.text(max_size=20))
    fits = Draft202012Validator({key: value for key, value in one.items() if key != "format"}).is_valid(text)
    problem = FORMATS[name](text)
    if problem is None:
        assert fits
    elif fits:
        assert name in {"role-key", "repository-arn"} or text.endswith("\n")


NAMES = ["base", "team/app", "Bad", "ci", "", "latest", "pr-*", "KMS", "untagged", "444455556666", "archive"]
SCALARS = st.none() | st.booleans() | st.integers(-1, 100) | st.floats(allow_nan=False) | st.sampled_from(NAMES)
KEYS = sorted({key for one in subschemas() for key in one.get("properties", {})})
# Python's patterns leave room for a line break at the end, editors' patterns do not.
WORDS = st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=3)
ANYTHING = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS) | WORDS, inner),
)


def shaped(one: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Make values that nearly have the shape of a schema."""
    one = followed(one)
    kinds = one.get("type", ())
    found: list[st.SearchStrategy[Any]] = [ANYTHING, *map(st.just, examples(one))]
    if "array" in kinds:
        found.append(st.lists(shaped(one["items"]), max_size=2))
    if "object" in kinds:
        found.append(st.fixed_dictionaries({}, optional={k: shaped(v) for k, v in one.get("properties", {}).items()}))
    return st.one_of(found)


@given(shaped(schema()))
@example({"repositories": [{"name": "base", "pull": [{"service": "a.amazonaws.com"}]}]})
@example({"repositories": [{"name": "base", "lifecycle": [{"max_image_count": 1.0}]}]})
def test_the_app_and_other_tools_agree(value: object) -> None:
    """What the schema refuses in an editor, the app refuses; what the app's walk of it refuses, an editor does."""
    accepted = not [*structural_problems(value)]
    # Duplicates are left to who reads the items, who says where the first is.
    assert accepted == Draft202012Validator(_without_duplicates()).is_valid(value)
    try:
        parse_manifest(value, source="a test")
    except ManifestError as error:
        assert error.problems  # noqa: PT017 -- what is valid may yet name no principal
    else:
        assert Draft202012Validator(schema()).is_valid(value)


@cache
def _without_duplicates() -> dict[str, Any]:
    written = json.dumps(schema()).replace('"uniqueItems": true, ', "").replace(', "uniqueItems": true', "")
    read: dict[str, Any] = json.loads(written)
    return read


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        ("scan_on_push: true", []),
        ("scan_on_push: no", ["true or false is wanted, got the boolean no"]),
        ("scan_on_push: 'true'", ["true or false is wanted, got 'true'; write true, without quotes"]),
        ("lifecycle: [{max_image_count: 30}]", []),
        ("lifecycle: [{max_image_count: 030}]", ["a whole number is wanted, got the number 030"]),
        ("lifecycle: [{max_image_count: 1.5}]", ["a whole number is wanted, got the number 1.5"]),
        ("lifecycle: [{max_image_count: '30'}]", ["a whole number is wanted, got '30'; write 30, without quotes"]),
        ("lifecycle: [{max_image_count: 'true'}]", ["a whole number is wanted, got 'true'"]),
        ("lifecycle: [{max_image_count: 0}]", ["0 is too small; allowed: 1 or more"]),
        ("lifecycle: [{max_image_count: '030'}]", ["a whole number is wanted, got '030'"]),
        ("scan_on_push: '1'", ["true or false is wanted, got '1'"]),
        ("tags: 'true'", ['a mapping is wanted, got \'true\'; write {"team": "platform"}']),
    ],
)
def test_numbers_and_booleans_are_those_that_every_reader_sees(text: str, problems: list[str]) -> None:
    """YAML 1.1 reads ``no`` as false and 030 as 24, YAML 1.2 and people do not."""
    found = structural_problems(parse_document(f"repositories: [{{name: base, {text}}}]").value)
    assert [message for _, message in found] == problems
