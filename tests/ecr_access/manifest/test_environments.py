"""Accounts and Regions of a manifest: which repository is made where."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from ecr_access.manifest import Environment, ManifestError, parse_manifest
from tests.ecr_access.manifest.folder import read, refused

if TYPE_CHECKING:
    from pathlib import Path

    from ecr_access.manifest import Manifest

HOME: dict[str, Any] = {"account": "111122223333", "region": "eu-west-1"}
THERE: dict[str, Any] = {"account": "444455556666", "region": "us-east-1"}
PROD = Environment("prod", **HOME)
DEV = Environment("dev", **THERE)
KEY = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"


def parsed(**value: Any) -> Manifest:
    """Parse a manifest with two environments."""
    return parse_manifest({"environments": {"prod": HOME, "dev": THERE}, **value}, source="a test")


def where(manifest: Manifest) -> list[tuple[str, str]]:
    """Return the names of repositories with the names of their environments."""
    return [(one.name, one.environment.name) for one in manifest.repositories]


def test_a_repository_is_made_in_each_environment_that_it_chooses() -> None:
    """By itself, by its prefix, or by the defaults, the most specific of which holds alone."""
    manifest = parsed(
        defaults={"environments": ["dev"]},
        prefixes={"team-a/*": {"environments": ["prod", "dev"]}},
        repositories=[{"name": "base"}, {"name": "team-a/web"}, {"name": "team-a/api", "environments": ["prod"]}],
    )
    expected = [("base", "dev"), ("team-a/web", "prod"), ("team-a/web", "dev"), ("team-a/api", "prod")]
    assert where(manifest) == expected
    assert manifest.environments == (DEV, PROD)
    assert where(manifest.of(PROD)) == [("team-a/web", "prod"), ("team-a/api", "prod")]
    assert (manifest.of(PROD).account, manifest.of(PROD).region) == (PROD.account, PROD.region)
    assert manifest.of(PROD).environments == (PROD,)


def test_what_chooses_no_environment_is_in_the_account_and_region_at_the_top() -> None:
    """Or in the stack's, where there are none."""
    top: dict[str, Any] = {"account": "777788889999", "region": "eu-west-1"}
    given: dict[str, Any]
    for given in (top, {}):
        manifest = parsed(**given, repositories=[{"name": "base"}, {"name": "web", "environments": ["dev"]}])
        assert where(manifest) == [("base", ""), ("web", "dev")]
        assert manifest.environments == (Environment(**given), DEV)


def test_one_name_may_be_declared_for_each_environment() -> None:
    """With other access; twice in one environment it is an error."""
    one = {"name": "web", "environments": ["prod"], "pull": ["444455556666"]}
    assert where(parsed(repositories=[one, {"name": "web", "environments": ["dev"]}])) == [
        ("web", "prod"),
        ("web", "dev"),
    ]
    with pytest.raises(ManifestError, match=r"repositories\[1\]\.name: 'web' was given before"):
        parsed(repositories=[one, {"name": "web", "environments": ["dev", "prod"]}])


def test_a_role_is_made_where_repositories_name_it() -> None:
    """One that nothing uses is made where a repository of the file would be."""
    manifest = parsed(
        roles={"ci": {}, "web": {}, "idle": {}, "other": {}},
        defaults={"environments": ["dev"]},
        repositories=[{"name": "aa", "pull": ["ci", "web"]}, {"name": "bb", "pull": ["ci"], "environments": ["prod"]}],
        existing=[{"name": "base", "pull": ["other"], "environments": ["prod"]}],
    )
    assert {role.key: [one.name for one in role.environments] for role in manifest.roles} == {
        "ci": ["dev", "prod"], "web": ["dev"], "idle": ["dev"], "other": ["prod"],
    }  # fmt: skip
    assert [role.key for role in manifest.of(PROD).roles] == ["ci", "other"]
    assert manifest.of(PROD).environments == (PROD,)


def test_an_existing_repository_is_looked_up_in_its_environments() -> None:
    """By default in those that the defaults choose; the same name may be made in another one."""
    manifest = parsed(
        defaults={"environments": ["dev"]},
        repositories=[{"name": "web", "environments": ["prod"]}],
        existing=[{"name": "web"}, {"name": "base", "environments": ["prod", "dev"]}],
    )
    assert [(one.name, one.environment) for one in manifest.existing] == [("web", DEV), ("base", PROD), ("base", DEV)]
    with pytest.raises(ManifestError, match=r"existing\[0\]\.name: 'web' was given before, at repositories\[0\]"):
        parsed(repositories=[{"name": "web"}], existing=[{"name": "web"}])


@pytest.mark.parametrize("holder", ["repositories", "existing", "prefixes"])
def test_an_environment_that_is_none_is_refused_with_the_nearest(holder: str) -> None:
    """Wherever one is chosen."""
    chosen = {"environments": ["prd"]}
    value: dict[str, Any] = {
        "repositories": [{"name": "base", **chosen}],
        "existing": [{"name": "base", **chosen}],
        "prefixes": {"b*": chosen},
    }
    given = {"repositories": [{"name": "bare"}], holder: value[holder]}
    with pytest.raises(ManifestError) as raised:
        parsed(**given)
    (problem,) = raised.value.problems
    assert problem.at.endswith(".environments[0]")
    assert problem.message == "'prd' names no environment; allowed: 'prod', 'dev'; did you mean 'prod'?"


def test_a_key_is_of_the_region_of_each_environment() -> None:
    """The error is where the key is written, which may be in the defaults."""
    encryption = {"encryption": {"type": "KMS", "key": KEY}}
    assert parsed(defaults=encryption, repositories=[{"name": "base", "environments": ["prod"]}])
    with pytest.raises(ManifestError, match=r"defaults\.encryption\.key: the key is in Region eu-west-1"):
        parsed(defaults=encryption, repositories=[{"name": "base", "environments": ["prod", "dev"]}])


def test_environments_of_several_files_are_one_list(tmp_path: Path) -> None:
    """No name, and no account and Region, is given twice."""
    files = {
        "a.yaml": "environments:\n  prod: {account: '111122223333', region: eu-west-1}\n",
        "b.yaml": "repositories: [{name: base, environments: [prod]}]\n",
    }
    assert read(tmp_path, files).environments == (PROD,)
    other = (
        "environments:\n  prod: {account: '444455556666', region: eu-west-1}\n"
        "  main: {account: '111122223333', region: eu-west-1}\n"
    )
    there = "at a.yaml:2 (environments.prod); keep one"
    assert refused(tmp_path, {"c.yaml": other}) == [
        f"c.yaml:2: environments.prod: the same was given before, {there}",
        f"c.yaml:3: environments.main: the same account and Region are an environment already, {there}",
    ]


def test_the_account_and_region_at_the_top_are_those_of_all_files(tmp_path: Path) -> None:
    """Files may repeat them; others have names, so that a stack keeps its name when they are added."""
    top = "account: '111122223333'\nregion: eu-west-1\n"
    files = {"a.yaml": top, "b.yaml": top + "repositories: [{name: base}]\n", "c.yaml": "repositories: [{name: web}]\n"}
    assert read(tmp_path, files).environments == (Environment(**HOME),)
    (told,) = refused(tmp_path, {"c.yaml": "region: us-east-1\nrepositories: [{name: web}]\n"})
    assert told.startswith("c.yaml:1: region: 'us-east-1' differs from 'eu-west-1' at a.yaml:2 (region); ")
    named = "environments: {prod: {account: '111122223333', region: eu-west-1}}\nrepositories: [{name: web}]\n"
    (told,) = refused(tmp_path, {"c.yaml": named})
    assert told.startswith("c.yaml:1: environments.prod: the same account and region stand at the top")
