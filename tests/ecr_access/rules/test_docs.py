"""Each rule says what it is: ``docs/rules.md`` and the documentation site have it from there."""

from __future__ import annotations

import re
import sys

import pytest

from ecr_access.rules.catalogue import RULES

FINDS = re.compile(r"\A[A-Z][^\n]+\.\n\n[A-Z].+?\n\nFix: .+", re.DOTALL)


@pytest.mark.parametrize("name", [one.id for one in RULES])
def test_a_rules_module_says_what_it_finds_and_the_fix(name: str) -> None:
    """A sentence, what is found and what happens on AWS, then the fix."""
    (rule,) = [one for one in RULES if one.id == name]
    assert FINDS.match(sys.modules[rule.check.__module__].__doc__ or "")


def test_every_rule_has_a_page_of_aws_and_an_id_of_its_own() -> None:
    """Which findings name, and acknowledgments."""
    assert len({one.id for one in RULES}) == len(RULES)
    assert all(one.page.startswith("https://docs.aws.amazon.com/") for one in RULES)
    assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", one.id) for one in RULES)
