"""A repository that is written as a resource is what its construct renders."""

from __future__ import annotations

from typing import Any

import pytest
from aws_cdk import App, Stack
from aws_cdk.assertions import Template
from hypothesis import given, settings
from hypothesis import strategies as st

from cdk_ecr_access.manifest.declared import DeclaredRepositories
from ecr_access.manifest import ManifestError, RepositoryEntry, parse_manifest
from ecr_access.manifest.resource import resource

KEY = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
_DAYS = st.integers(90, 400)
_TAGS = st.lists(st.sampled_from(["v", "prod-", "pr*", "dev"]), min_size=1, max_size=2, unique=True)
_COUNTS = st.one_of(
    st.fixed_dictionaries({"max_image_age_days": _DAYS}),
    st.fixed_dictionaries({"max_image_count": st.integers(1, 99)}),
    st.fixed_dictionaries({"not_pulled_for_days": _DAYS, "action": st.just("archive")}),
    st.fixed_dictionaries({"archived_for_days": _DAYS}),
)
_SELECTION: st.SearchStrategy[dict[str, Any]] = st.one_of(
    st.fixed_dictionaries({"tag_status": st.sampled_from(["any", "untagged"])}),
    st.fixed_dictionaries({"tag_patterns": _TAGS}),
    st.fixed_dictionaries({"tag_prefixes": st.lists(st.sampled_from(["v", "prod-"]), min_size=1, unique=True)}),
    st.just({}),
)
_RULE = st.builds(
    lambda *parts: {key: value for part in parts for key, value in part.items()},
    _COUNTS,
    _SELECTION,
    st.fixed_dictionaries({}, optional={"priority": st.integers(1, 9), "description": st.text("abc é", max_size=9)}),
)
_FIELDS: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {},
    optional={
        "encryption": st.sampled_from(["AES256", "KMS", "KMS_DSSE", {"type": "KMS", "key": KEY}]),
        "lifecycle": st.lists(_RULE, max_size=3),
        "tag_mutability": st.sampled_from(["mutable", "immutable"]),
        "mutability_exclusions": st.lists(st.sampled_from(["pr-*", "latest"]), min_size=1, unique=True),
        "scan_on_push": st.booleans(),
        "removal_policy": st.sampled_from(["retain", "destroy", "retain_on_update_or_delete"]),
        "empty_on_delete": st.booleans(),
    },
)


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(st.lists(_FIELDS, min_size=20, max_size=20))
def test_a_resource_is_what_its_construct_renders(several: list[dict[str, Any]]) -> None:
    """Whatever a manifest may say of it."""
    entries: list[RepositoryEntry] = []
    for number, fields in enumerate(several):
        try:
            manifest = parse_manifest({"repositories": [{"name": f"team/app-{number}", **fields}]}, source="a test")
        except ManifestError:
            continue
        entries += manifest.repositories
    both = parse_manifest(
        {"repositories": [{"name": one.name, **several[int(one.name.rpartition("-")[2])]} for one in entries]},
        source="a test",
    )
    stack = Stack(App(), "Stack")
    DeclaredRepositories(stack, "Declared", manifest=both)
    rendered = Template.from_stack(stack).find_resources("AWS::ECR::Repository")
    found = {one["Properties"]["RepositoryName"]: one for one in rendered.values()}
    assert found == {one.name: resource(one) for one in both.repositories}
