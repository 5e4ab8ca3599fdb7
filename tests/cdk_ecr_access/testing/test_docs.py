"""``docs/testing.md`` says what is there, and its examples run."""

from __future__ import annotations

import pydoc
import re
from pathlib import Path
from typing import Any

import pytest

import cdk_ecr_access.testing

DOCS = (Path(__file__).parents[3] / "docs" / "testing.md").read_text(encoding="utf-8")


def example(containing: str) -> dict[str, Any]:
    """Run the example that contains a text, which needs nothing else; return what it defines."""
    names: dict[str, Any] = {}
    (code,) = [one for one in re.findall(r"```python\n(.*?)```", DOCS, re.DOTALL) if containing in one]
    exec(code, names)  # noqa: S102 -- the page is ours
    return names


def test_the_assertions_hold() -> None:
    """On the app that the example makes."""
    example("assert_can_push")["test_the_pipeline_pushes_and_the_service_does_not"]()


def test_the_snapshot_is_of_the_stack() -> None:
    """What is compared has the repository."""
    compared: list[Any] = []

    class Snapshot:
        def __eq__(self, other: object) -> bool:
            compared.append(cdk_ecr_access.testing.snapshot_of(other))  # type: ignore[arg-type]
            return True

        __hash__ = None  # type: ignore[assignment]

    example("template_snapshot")["test_images"](Snapshot())
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
