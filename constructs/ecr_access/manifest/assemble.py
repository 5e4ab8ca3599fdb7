"""The files of a manifest, together: one manifest, or everything that is wrong with any of them."""

from __future__ import annotations

from itertools import chain, islice
from typing import TYPE_CHECKING

from ecr_access.documents.document import MOST
from ecr_access.manifest.combine import combined
from ecr_access.manifest.errors import ManifestError
from ecr_access.manifest.places import Place, Positions
from ecr_access.manifest.structure import structural_problems

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from ecr_access.manifest.errors import Problem
    from ecr_access.manifest.model import Manifest
    from ecr_access.manifest.source import Source


def assemble(name: str, sources: Sequence[Source], progress: Callable[[str], None] | None = None) -> Manifest:
    """Make a manifest of what its files hold.

    Args:
        name: of the manifest, for messages.
        sources: the files, perhaps with problems already, or the context.
        progress: called with a line before each file is validated.

    Raises:
        ManifestError: with everything that is wrong with any of them, file by file.
    """
    for done, source in enumerate(sources, 1):
        if progress:
            progress(f"validating {source.name}, {done} of {len(sources)}")
        for path, wrong in () if source.unreadable else structural_problems(source.value):
            source.problems.add(path, wrong)
    manifest = combined(name, sources)
    if count := sum(len(source.unreadable) + len(source.problems.found) for source in sources):
        told = chain.from_iterable(map(_told, sources))
        raise ManifestError(name, [*islice(told, MOST)], count=count)
    return manifest


def _told(source: Source) -> Iterator[Problem]:
    """Yield the problems of a file in the order of its text, each worded when it is asked for."""
    yield from source.unreadable
    positions = Positions(source.value)
    in_order = sorted(source.problems.found, key=lambda problem: positions.of(problem[0]))
    for path, message in in_order:
        yield Place(source, path).problem(str(message))
