"""Defaults of a file and by prefix: what is added, what is replaced, and which of several counts most."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecr_access.iam.principal_names import Account
from ecr_access.manifest import EncryptionEntry, LifecycleEntry, ManifestError, RepositoryEntry, parse_manifest
from ecr_access.manifest.layers import ADDED
from ecr_access.manifest.structure import schema
from tests.ecr_access.manifest.folder import read, refused, repository

if TYPE_CHECKING:
    from pathlib import Path

ONE, TWO, THREE, FOUR = (str(digit) * 12 for digit in (1, 2, 3, 4))
KEY = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
REPLACED: dict[str, list[Any]] = {
    "encryption": ["AES256", {"type": "KMS", "key": KEY}, "KMS"],
    "lifecycle": [
        [{"max_image_count": 1}, {"max_image_age_days": 2, "tag_status": "untagged"}],
        [],
        [{"max_image_count": 3}],
    ],
    "tag_mutability": ["mutable", "immutable", "mutable"],
    "mutability_exclusions": [["latest"], ["a", "b"], ["c"]],
    "scan_on_push": [False, True, False],
    "removal_policy": ["destroy", "retain", "destroy"],
    "empty_on_delete": [True, False, True],
}


def expanded(own: dict[str, Any], **layers: Any) -> RepositoryEntry:
    """Expand the repository ``team-a/web`` of a manifest with other layers."""
    value = {"roles": {"ci": {}}, **layers, "repositories": [{"name": "team-a/web", **own}]}
    (entry,) = parse_manifest(value, source="a test").repositories
    return entry


def test_each_key_of_a_repository_may_be_a_default() -> None:
    """Besides its name; and it is added or replaced, which a test below tries."""
    kinds = schema()["$defs"]
    assert {*kinds["repository"]["properties"]} - {"name"} == {*kinds["defaults"]["properties"]}
    assert {*kinds["defaults"]["properties"]} == {*ADDED, *REPLACED, "environments", "replaces"}
    assert kinds["repository"]["properties"]["replaces"]["items"]["enum"] == [*ADDED]


@pytest.mark.parametrize("key", ["pull", "push", "pull_push", "read"])
def test_principals_are_added_in_the_order_of_the_layers(key: str) -> None:
    """A repository that names one more puller does not lose the others; one that two layers name is one."""
    entry = expanded(
        {key: [FOUR, ONE]}, defaults={key: [ONE]}, prefixes={"team-a/*": {key: [TWO, ONE]}, "team-a/w*": {key: [THREE]}}
    )
    assert getattr(entry, key) == tuple(map(Account, (ONE, TWO, THREE, FOUR)))


def test_accounts_of_lambda_functions_are_added() -> None:
    """As other principals are."""
    assert expanded({"lambda_accounts": [ONE]}, defaults={"lambda_accounts": [TWO]}).lambda_accounts == (TWO, ONE)


def test_tags_are_added_and_the_most_specific_value_of_one_holds() -> None:
    """The tags at the top are given to all that is made, so they are not in the entry."""
    entry = expanded(
        {"tags": {"a": "own"}},
        tags={"a": "top", "d": "top", "e": "top"},
        defaults={"tags": {"a": "all", "b": "all", "e": "all"}},
        prefixes={"team-a/*": {"tags": {"b": "team", "c": "team"}}},
    )
    assert dict(entry.tags) == {"a": "own", "b": "team", "c": "team", "e": "all"}


@pytest.mark.parametrize("key", REPLACED)
def test_any_other_setting_is_replaced_as_a_whole(key: str) -> None:
    """The repository's own over the longest prefix's, over a shorter one's, over the defaults."""
    layers = [("defaults", None), ("prefixes", "team-a/*"), ("prefixes", "team-a/web*"), ("own", None)]
    values = REPLACED[key]
    alone = [getattr(expanded({key: value, **_needed(key)}), key) for value in values]
    for first, second in combinations(layers, 2):
        for given_, expected in ((values[:2], alone[1]), (values[1:], alone[2])):
            found: dict[str, Any] = {"own": {}, "defaults": _needed(key)}
            for (section, prefix), value in zip((first, second), given_, strict=True):
                where = (
                    found.setdefault(section, {}).setdefault(prefix, {}) if prefix else found.setdefault(section, {})
                )
                where[key] = value
            assert getattr(expanded(found.pop("own"), **found), key) == expected


def _needed(key: str) -> dict[str, Any]:
    """What a value needs beside it."""
    return {"removal_policy": "destroy"} if key == "empty_on_delete" else {}


def test_what_is_replaced_is_not_inherited() -> None:
    """Of the keys whose values are added otherwise; with values of its own, or none."""
    defaults = {"pull": [ONE], "push": [ONE], "tags": {"a": "b"}}
    entry = expanded({"replaces": ["pull", "tags", "push"], "pull": [TWO]}, defaults=defaults)
    assert (entry.pull, entry.push, entry.tags) == ((Account(TWO),), (), ())
    prefixes = {"team-a/*": {"replaces": ["pull"]}, "team-a/w*": {"pull": [THREE]}}
    assert expanded({"pull": [TWO]}, defaults=defaults, prefixes=prefixes).pull == (Account(THREE), Account(TWO))


def test_only_what_is_added_can_be_replaced() -> None:
    """Anything else is replaced anyway, and the error says which keys are meant."""
    with pytest.raises(ManifestError, match=r"replaces\[0\]: 'lifecycle' is not known; allowed: 'pull', 'push'"):
        expanded({"replaces": ["lifecycle"]})
    with pytest.raises(ManifestError, match=r"replaces\[1\]: 'pull' was given before"):
        expanded({"replaces": ["pull", "pull"]})


def test_a_prefix_is_how_a_name_starts() -> None:
    """Its end need not be that of a namespace; the whole name is a prefix too."""
    prefixes = {"t*": {"pull": [ONE]}, "team-a/web*": {"pull": [TWO]}, "team-a/*": {"push": [THREE]}}
    entry = expanded({}, prefixes=prefixes)
    assert (entry.pull, entry.push) == ((Account(ONE), Account(TWO)), (Account(THREE),))


@pytest.mark.parametrize("prefix", ["team-a/web", "*", "Team/*", "team-*/web", "team-a/**", ""])
def test_a_prefix_that_is_none_is_refused(prefix: str) -> None:
    """With what a prefix looks like."""
    with pytest.raises(ManifestError, match="allowed: how names of repositories start, and a final"):
        expanded({}, prefixes={prefix: {}})


def test_a_prefix_that_matches_nothing_is_refused(tmp_path: Path) -> None:
    """It is misspelt, or the repositories are in a file that it does not hold for, which is named."""
    files = {
        "a.yaml": "repositories: [{name: team-a/web}]\nprefixes:\n  team-b/*: {}\n  taem-a/*: {}\n  team-a/*: {}\n",
        "b.yaml": "repositories: [{name: team-b/web}]\n",
    }
    nothing = "no repository of this file, or of one that it includes, has such a name"
    assert refused(tmp_path, files) == [
        f"a.yaml:3: prefixes['team-b/*']: {nothing}; 'team-b/web' is in another file, which this one does not include",
        f"a.yaml:4: prefixes['taem-a/*']: {nothing}; did you mean 'team-a/*'?",
    ]


def test_defaults_hold_for_the_file_and_for_what_it_includes(tmp_path: Path) -> None:
    """The inner file's count more, and those of a longer prefix more again; a file beside it is not reached."""
    files = {
        "all.yaml": (
            "include: [teams/*]\ndefaults: {scan_on_push: false, tag_mutability: mutable, removal_policy: retain}\n"
            "prefixes: {team-a/*: {removal_policy: destroy}}\ntags: {owner: platform, tier: '0'}\n"
        ),
        "teams/a.yaml": "repositories: [{name: team-a/web}]\ntags: {tier: '1'}\ndefaults: {tag_mutability: immutable}",
        "beside.yaml": "repositories: [{name: team-a/api}]\ntags: {owner: platform}\n",
    }
    manifest = read(tmp_path, files)
    web, api = repository(manifest, "team-a/web"), repository(manifest, "team-a/api")
    assert (web.scan_on_push, web.tag_mutability, web.removal_policy) == (False, "immutable", "destroy")
    assert (api.scan_on_push, api.tag_mutability) == (None, None)
    assert manifest.tags == (("owner", "platform"),)
    assert (web.tags, api.tags) == ((("tier", "1"),), ())


def test_the_tags_at_the_top_of_a_file_are_not_replaced(tmp_path: Path) -> None:
    """They are of all that the file declares, as its roles; those of the defaults are."""
    text = "tags: {a: '1'}\ndefaults: {tags: {b: '2'}}\nrepositories: [{name: base, replaces: [tags]}]\n"
    manifest = read(tmp_path, {"all.yaml": "include: [a.yaml]\n", "a.yaml": text})
    assert repository(manifest, "base").tags == (("a", "1"),)


def test_roles_have_the_tags_of_their_file(tmp_path: Path) -> None:
    """Besides the tags that all files at the top of a folder have."""
    files = {
        "a.yaml": "roles: {ci: {}}\ntags: {a: '1', b: '2'}\n",
        "b.yaml": "repositories: [{name: base}]\ntags: {a: '1'}\n",
    }
    manifest = read(tmp_path, files)
    assert manifest.roles[0].tags == (("b", "2"),)
    assert manifest.tags == (("a", "1"),)


def test_defaults_are_judged_once_where_they_are_written(tmp_path: Path) -> None:
    """However many repositories they hold for."""
    many = "repositories:\n" + "".join(f"  - name: app-{n}\n" for n in range(100))
    text = "defaults:\n  pull: [unknown]\n  lifecycle: [{max_image_count: 0}]\n"
    text += "  removal_policy: retain\n  empty_on_delete: true\n"
    told = refused(tmp_path, {"a.yaml": text + many}, "a.yaml")
    assert [one.split(": ")[0] for one in told] == [
        "defaults.pull[0] (line 2)",
        "defaults.lifecycle[0].max_image_count (line 3)",
        "defaults.empty_on_delete (line 5)",
    ]


def test_a_removal_policy_that_contradicts_defaults_is_told(tmp_path: Path) -> None:
    """At the more specific of the two, which is the one to mend."""
    text = "defaults: {removal_policy: destroy, empty_on_delete: true}\nrepositories:\n  - name: base\n"
    (told,) = refused(tmp_path, {"a.yaml": f"{text}    removal_policy: retain\n"}, "a.yaml")
    place, _, message = told.partition(": ")
    assert place == "repositories[0].removal_policy (line 4)"
    assert message.startswith("'retain' contradicts empty_on_delete: true at defaults.empty_on_delete; ")


def test_the_tags_of_all_layers_are_fifty_at_most() -> None:
    """Told of the repository, as no layer alone has too many."""
    tags = {f"k{n}": "v" for n in range(30)}
    other = {f"o{n}": "v" for n in range(21)}
    with pytest.raises(ManifestError, match=r"repositories\[0\]: 51 tags are given"):
        expanded({}, tags=tags, defaults={"tags": other})
    assert len(expanded({}, tags=tags, defaults={"tags": {**tags, **dict([*other.items()][:20])}}).tags) == 20


def test_without_defaults_an_entry_is_as_it_is_written() -> None:
    """A manifest of before means the same."""
    entry = expanded({"encryption": "KMS", "lifecycle": [{"max_image_count": 3}]})
    assert entry == RepositoryEntry(
        name="team-a/web", encryption=EncryptionEntry("KMS"), lifecycle=(LifecycleEntry(max_image_count=3),)
    )


LAYER = st.fixed_dictionaries(
    {},
    optional={
        "pull": st.lists(st.sampled_from([ONE, TWO, THREE]), unique=True),
        "scan_on_push": st.booleans(),
        "tags": st.dictionaries(st.sampled_from("ab"), st.sampled_from("xy")),
        "replaces": st.lists(st.sampled_from(["pull", "tags"]), unique=True, min_size=1),
    },
)
PREFIXES = ["t*", "team-*", "team-a/*", "team-a/web*"]


@given(LAYER, st.dictionaries(st.sampled_from(PREFIXES), LAYER), LAYER)
def test_any_layers_come_out_as_the_table_of_the_docs_says(
    defaults: dict[str, Any], prefixes: dict[str, Any], own: dict[str, Any]
) -> None:
    """Applied one after the other to nothing, from the least specific."""
    pull: list[str] = []
    tags: dict[str, str] = {}
    scan = None
    for layer in (defaults, *(prefixes[one] for one in PREFIXES if one in prefixes), own):
        replaced = layer.get("replaces", ())
        pull = [*dict.fromkeys([*([] if "pull" in replaced else pull), *layer.get("pull", ())])]
        tags = {**({} if "tags" in replaced else tags), **layer.get("tags", {})}
        scan = layer.get("scan_on_push", scan)
    entry = expanded(own, defaults=defaults, prefixes=prefixes)
    assert ([*entry.pull], dict(entry.tags), entry.scan_on_push) == ([*map(Account, pull)], tags, scan)
