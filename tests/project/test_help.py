"""What ``help``, ``python -m pydoc`` and an editor show of the public names."""

from __future__ import annotations

import inspect
import pydoc
import re
from typing import TYPE_CHECKING, Any

import pytest

import cdk_ecr_access
from cdk_ecr_access import testing
from ecr_access import manifest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

PUBLIC = [
    *(getattr(cdk_ecr_access, name) for name in cdk_ecr_access.__all__),
    *(getattr(testing, name) for name in testing.__all__),
]


def _ours(public: Any) -> Iterator[tuple[str, Callable[..., object]]]:
    """Yield what of a public name is called: it, or its constructor and the methods that the library defines."""
    if not inspect.isclass(public):
        yield public.__name__, public
        return
    for kind in public.__mro__:
        if not kind.__module__.startswith("cdk_ecr_access") or issubclass(kind, str):
            continue
        for name in vars(kind):
            called = getattr(public, name)
            # The CDK calls validate.
            if callable(called) and (name == "__init__" or name[0] != "_") and name != "validate":
                yield f"{public.__name__}.{name}", called


CALLED = dict(one for public in PUBLIC for one in _ours(public))


def test_the_package_shows_its_public_names() -> None:
    """Although they are imported on first use."""
    shown = pydoc.plain(pydoc.render_doc(cdk_ecr_access))
    assert [name for name in cdk_ecr_access.__all__ if f"class {name}(" not in shown] == []
    assert set(cdk_ecr_access.__all__) < set(dir(cdk_ecr_access))


@pytest.mark.parametrize("name", CALLED)
def test_every_parameter_is_named_and_explained(name: str) -> None:
    """None hides behind ``*args`` and ``**kwargs``."""
    called = CALLED[name]
    parameters = [one for one in inspect.signature(called).parameters.values() if one.name not in ("self", "cls")]
    assert [one.name for one in parameters if one.kind in (one.VAR_KEYWORD, one.VAR_POSITIONAL)] == []
    documented = _documented(name)
    assert documented
    assert [one.name for one in parameters if not re.search(rf"\b{one.name}(: |``)", documented)] == []


@pytest.mark.parametrize("public", [*PUBLIC, *(getattr(manifest, name) for name in manifest.__all__)])
def test_no_markup_is_shown_as_it_is_written(public: object) -> None:
    """``pydoc`` and editors show plain text, the reference Markdown: what one of them does not render is left out."""
    assert re.findall(r"::$|:\w+:`|\]\(http|\*\*\w|`__?(?:\s|$)|^\.\. \w+::", _docstrings(public), re.MULTILINE) == []


def _docstrings(public: Any) -> str:
    """The docstrings of a public name, and of what the library defines of it."""
    kinds = [one for one in getattr(public, "__mro__", ()) if "ecr_access" in one.__module__]
    described = (property, classmethod, staticmethod)
    members = [
        one for kind in kinds for one in vars(kind).values() if inspect.isfunction(one) or isinstance(one, described)
    ]
    return "\n".join(inspect.getdoc(one) or "" for one in (public, *members))


def _documented(name: str) -> str:
    """What a reader of a constructor's parameters sees, where a dataclass explains them."""
    kind = next((one for one in PUBLIC if name == f"{one.__name__}.__init__"), None)
    return (inspect.getdoc(CALLED[name]) or "") + (inspect.getdoc(kind) or "" if kind else "")
