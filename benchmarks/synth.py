"""What a repository costs at synthesis."""

from __future__ import annotations

from importlib.metadata import version
from typing import Final

from benchmarks.children import Results, syntheses
from benchmarks.section import Section, table

VARIANTS: Final = ("CfnRepository", "aws_ecr.Repository", "cdk-ecr-access", "texts", "bulk")
FLOOR: Final = VARIANTS[0]
COUNTS: Final = (1, 200, 400)

_METHOD: Final = """\
A repository with scan on push, immutable tags and a lifecycle rule, pulled from by one role of another account and
pushed to by another one. `CfnRepository` has its policy written by hand and is the floor; it and `aws_ecr.Repository`
name the roles in the repository policy, which ECR refuses while a role does not exist. `cdk-ecr-access` renders the
account under `aws:PrincipalArn`, and what the others leave out: the requirements of the access check, the permissions
of its role, and the policies to attach in the other account. It gets each role as an `iam.ArnPrincipal`; `texts` is the
same with the text of its ARN, and `bulk` has the repositories in a manifest, read and made by `DeclaredInBulk`. The
marginal cost is that of each repository beyond the first. The least of {rounds} rounds, as noise only adds, every
synthesis in a fresh process, the variants taking turns; aws-cdk-lib {cdk}."""

_IMPORT: Final = "What an app pays before its first construct, of the least of all these processes."

Figures = dict[str, float]


def measure(rounds: int) -> Results:
    """Synthesize each variant with each count, so many rounds.

    Raises:
        BenchmarkError: a synthesis failed.
    """
    return syntheses("synth", VARIANTS, COUNTS, rounds)


def report(results: Results) -> list[str]:
    """Write the results as Markdown."""
    rows = [_row(results, variant, count) for count in COUNTS for variant in VARIANTS]
    header = [
        "repositories",
        "variant",
        "seconds",
        "marginal, ms",
        "of the floor",
        "template, bytes",
        "marginal, bytes",
    ]
    every = _least([one for some in results.values() for one in some])
    imports = [
        ["`import aws_cdk`", "100%"],
        ["`import cdk_ecr_access`, after it", f"{every['import_ours'] / every['import_cdk']:.1%}"],
        [
            "`from cdk_ecr_access import AccessibleRepository`, after it and `aws_ecr`, `aws_iam`",
            f"{every['import_name'] / every['import_cdk']:.1%}",
        ],
    ]
    method = _METHOD.format(rounds=len(results[FLOOR, COUNTS[0]]), cdk=version("aws-cdk-lib"))
    head = [method, "", *table(header, rows), "", "### Import", "", _IMPORT, ""]
    return [*head, *table(["statement", "of `import aws_cdk`"], imports)]


def _row(results: Results, variant: str, count: int) -> list[str]:
    one = _least(results[variant, count])
    row = [f"{count}", f"`{variant}`", f"{one['seconds']:.2f}"]
    if count == COUNTS[0]:
        return [*row, "", "", f"{one['bytes']:,.0f}", ""]
    cost, floor = _marginal(results, variant, count, "seconds"), _marginal(results, FLOOR, count, "seconds")
    size = _marginal(results, variant, count, "bytes")
    return [*row, f"{cost * 1000:.1f}", f"{cost / floor:.2f}", f"{one['bytes']:,.0f}", f"{size:,.0f}"]


def _least(some: list[Figures]) -> Figures:
    return {key: min(one[key] for one in some) for key in some[0]}


def _marginal(results: Results, variant: str, count: int, key: str) -> float:
    one, base = _least(results[variant, count]), _least(results[variant, COUNTS[0]])
    return (one[key] - base[key]) / (count - COUNTS[0])


SECTION: Final = Section("Cost of a repository at synthesis", 5, measure, report)
