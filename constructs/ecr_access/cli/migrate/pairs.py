"""Reads old and new templates, each under the path that both have."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from ecr_access.cli.rules.read import read
from ecr_access.codes import Code

if TYPE_CHECKING:
    from ecr_access.documents.templates.template import Template

    Found = dict[str, Template]


def pairs(old: str, new: str) -> tuple[list[Template], list[Template], list[str]]:
    """Read two templates, which are a pair whatever they are called, or two folders, whose files are by their names.

    Returns:
        The old templates, the new ones, and what keeps them from being compared.
    """
    before, wrong = _read(old, Path(new).name)
    after, wrong_too = _read(new, Path(new).name)
    wrong += wrong_too
    if wrong:
        return [], [], [*map(Code.TEMPLATE_UNREADABLE.ends, wrong)]
    if Path(old).is_dir() != Path(new).is_dir():
        kinds = {True: "a folder", False: "a file"}
        what = f"{old} is {kinds[Path(old).is_dir()]}, {new} is {kinds[Path(new).is_dir()]}"
        return [], [], [Code.NOT_COMPARED.ends(f"{what}; allowed: two files, or two folders")]
    both = [name for name in before if name in after]
    if not both:
        what = f"{old} and {new} have no template of the same name; name the two templates themselves"
        return [], [], [Code.NOT_COMPARED.ends(what)]
    for name in both:
        before[name], after[name] = _placed(before[name], after[name]), _placed(after[name], before[name])
        if (before[name].account, before[name].region) != (after[name].account, after[name].region):
            wrong.append(
                f"{name}: for {_place(before[name])} in {old}, and for {_place(after[name])} in {new}; "
                "compare templates of one account and Region"
            )
    return [*before.values()], [*after.values()], [*map(Code.NOT_COMPARED.ends, wrong)]


def _read(given: str, name: str) -> tuple[Found, list[str]]:
    folder = Path(given)
    sources, wrong = read([given])
    found = {}
    for one in sources:
        path = Path(one.template.path)
        shared = path.relative_to(folder).as_posix() if folder.is_dir() else name
        found[shared] = replace(one.template, path=shared)
    return found, wrong


def _placed(one: Template, other: Template) -> Template:
    """Take the account and Region from the other, where a template does not say its own."""
    return replace(one, account=one.account or other.account, region=one.region or other.region)


def _place(one: Template) -> str:
    return f"aws://{one.account}/{one.region}"
