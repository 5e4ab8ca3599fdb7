"""What is kept on a construct is what one function was asked of it, and no other."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from cdk_ecr_access.cdk.per_construct import per_construct


def test_functions_of_one_name_in_two_modules_are_kept_apart() -> None:
    """The second one would be given what the first one had found."""

    def made_in(module: str) -> Any:
        def read(_: object) -> str:
            return module

        read.__module__ = module
        return per_construct(read)

    construct = SimpleNamespace()
    assert [made_in(module)(construct) for module in ("one", "other")] == ["one", "other"]
