"""What is done once, when everything has been declared and the tree can still change."""

from __future__ import annotations

from typing import TYPE_CHECKING

import jsii
from aws_cdk import IAspect

if TYPE_CHECKING:
    from collections.abc import Callable

    from constructs import IConstruct


@jsii.implements(IAspect)
class OnVisit:
    """Does something once, when the first construct of a tree is visited after everything has been declared."""

    def __init__(self, do: Callable[[], None]) -> None:
        self._do = do
        self._is_done = False

    def visit(self, node: IConstruct) -> None:  # noqa: ARG002 -- the CDK's interface
        """Do it."""
        if not self._is_done:
            self._is_done = True
            self._do()
