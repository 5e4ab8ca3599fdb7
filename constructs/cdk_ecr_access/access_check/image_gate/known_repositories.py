"""The repositories of this library in an app, found again by the URI of an image."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from cdk_ecr_access.cdk.per_construct import per_construct
from cdk_ecr_access.cdk.stacks import registry_of, root_of
from ecr_access.ecr.image_names import split_name
from ecr_access.tokens import is_token

if TYPE_CHECKING:
    from collections.abc import Callable

    from aws_cdk import Stack
    from aws_cdk import aws_ecr as ecr
    from constructs import IConstruct

    from cdk_ecr_access.access_check.checked_repository import CheckedRepository
    from ecr_access.iam.arns import Registry

_PART: Final = r"(?:\$\{Token\[[^\]]*\]\}|[^./:@$])+"
_URI: Final = re.compile(rf"({_PART})\.dkr[.-]ecr(?:-fips)?\.({_PART})\.[^/]+/([^/].*)", re.DOTALL)
_PSEUDO: Final = re.compile(r"\$\{Token\[AWS\.(AccountId|Region)\.\d+\]\}")


class Known(NamedTuple):
    """A repository, and how its images are named; ``checked`` describes it for a check."""

    repository: ecr.IRepository
    name: str
    registry: Registry
    stack: Stack
    checked: Callable[[], CheckedRepository]


class KnownRepositories:
    """The repositories that images may be of, in the whole app."""

    def __init__(self) -> None:
        self._all: list[Known] = []
        self._by_name: dict[str, list[Known]] = {}
        self._read = 0

    @classmethod
    def of(cls, stack: Stack) -> KnownRepositories:
        """Return the repositories of the app that a stack is in."""
        return _of(root_of(stack))

    def add(self, known: Known) -> None:
        """Add a repository."""
        self._all.append(known)

    def of_image(self, uri: str, stack: Stack) -> tuple[CheckedRepository, str] | None:
        """Return the repository of an image, and its tag or digest; None for an image of any other registry.

        Args:
            uri: as it is before references are resolved.
            stack: which names it.
        """
        match = _URI.fullmatch(uri)
        if match is None:
            return None
        name, image = split_name(match[3])
        place = _place(match[1], match[2], stack)
        for one in self._named(name):
            # The token of a name is of one repository only.
            if is_token(name) or place == _place(one.registry.account, one.registry.region, one.stack):
                return one.checked(), image
        return None

    def _named(self, name: str) -> list[Known]:
        for one in self._all[self._read :]:
            for written in {one.name, one.repository.repository_name}:
                self._by_name.setdefault(written, []).append(one)
        self._read = len(self._all)
        return self._by_name.get(name, [])


@per_construct
def _of(_: IConstruct) -> KnownRepositories:
    return KnownRepositories()


def _place(account: str, region: str, stack: Stack) -> tuple[str, str]:
    """Return an account and a Region comparably: the pseudo parameters of a stack are what the stack knows of them."""
    home = registry_of(stack)
    return _known(account, home.account), _known(region, home.region)


def _known(part: str, of_stack: str) -> str:
    """Return a part of a URI; empty if it is that of a stack which does not know it."""
    if not _PSEUDO.fullmatch(part):
        return part
    return "" if _PSEUDO.fullmatch(of_stack) else of_stack
