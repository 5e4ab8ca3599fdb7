"""``docs/testing.md`` says what is there, and its examples run."""

from __future__ import annotations

import pydoc
import re
from pathlib import Path
from typing import Any

import pytest
from aws_cdk import App, Stack
from aws_cdk import aws_iam as iam

import cdk_ecr_access.testing
from cdk_ecr_access import AccessibleRepository

DOCS = (Path(__file__).parents[2] / "docs" / "testing.md").read_text(encoding="utf-8")


def example(containing: str, **names: Any) -> dict[str, Any]:  # noqa: ANN401
    """Run the example that contains a text; return what it defines."""
    (code,) = [one for one in re.findall(r"```python\n(.*?)```", DOCS, re.DOTALL) if containing in one]
    exec(code, names)  # noqa: S102 -- the page is ours
    return names


def my_app() -> tuple[App, iam.Role, iam.Role, AccessibleRepository]:
    """Who pushes, who pulls, and what."""
    stack = Stack(app := App(), "Images")
    pipeline, service = (iam.Role(stack, one, assumed_by=iam.AccountRootPrincipal()) for one in ("Ci", "Service"))
    repository = AccessibleRepository(stack, "Web", repository_name="team/web")
    repository.grant_push(pipeline)
    repository.grant_pull(service)
    return app, pipeline, service, repository


def test_the_assertions_hold() -> None:
    """On an app of two roles."""
    example("assert_can_push", my_app=my_app)["test_the_pipeline_pushes_and_the_service_does_not"]()


def test_the_snapshot_is_of_the_stack() -> None:
    """What is compared has the repository."""
    compared: list[Any] = []

    class Snapshot:
        def __eq__(self, other: object) -> bool:
            compared.append(cdk_ecr_access.testing.snapshot_of(other))  # type: ignore[arg-type]
            return True

        __hash__ = None  # type: ignore[assignment]

    names = {"App": App, "Stack": Stack, "AccessibleRepository": AccessibleRepository}
    example("template_snapshot", **names)["test_images"](Snapshot())
    assert "AWS::ECR::Repository" in {one["Type"] for one in compared[0]["Resources"].values()}


def test_every_public_name_is_explained() -> None:
    """And no other is."""
    named = set(re.findall(r"^\| `(assert_\w+)\(", DOCS, re.MULTILINE))
    assert named | {"snapshot_of"} == set(cdk_ecr_access.testing.__all__)
    assert all(callable(getattr(cdk_ecr_access.testing, one)) for one in cdk_ecr_access.testing.__all__)


def test_help_shows_every_public_name() -> None:
    """Although they are imported on first use, by ``dir`` and by ``python -m pydoc``."""
    shown = pydoc.plain(pydoc.render_doc(cdk_ecr_access.testing))
    assert [one for one in cdk_ecr_access.testing.__all__ if f"    {one}(" not in shown] == []
    assert set(cdk_ecr_access.testing.__all__) < set(dir(cdk_ecr_access.testing))


def test_a_name_that_is_not_there_is_told() -> None:
    """As for any module."""
    with pytest.raises(AttributeError, match=r"^module 'cdk_ecr_access\.testing' has no attribute 'assert_pulls'$"):
        _ = cdk_ecr_access.testing.assert_pulls  # type: ignore[attr-defined]
