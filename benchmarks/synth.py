"""What a repository costs at synthesis."""

from __future__ import annotations

from importlib.metadata import version
from typing import Final

from benchmarks.children import Results, syntheses
from benchmarks.section import Chart, Section, table

PEERS: Final = {
    "CfnRepository": "aws_ecr.Repository",
    "aws_ecr.Repository": "aws_ecr.Repository",
    "cdk-ecr-access": "aws_ecr.Repository",
    "texts": "aws_ecr.Repository",
    "bulk": "aws_ecr.Repository",
    "imported roles, aws_ecr": "imported roles, aws_ecr",
    "imported roles": "imported roles, aws_ecr",
    "role of the stack, aws_ecr": "role of the stack, aws_ecr",
    "role of the stack": "role of the stack, aws_ecr",
}
"""Each variant, and the one of `aws_ecr.Repository` that declares the same."""
VARIANTS: Final = (*PEERS,)
FLOOR: Final = VARIANTS[0]
COUNTS: Final = (1, 100, 200)
DRAWN: Final = VARIANTS[:5]

_METHOD: Final = """\
A repository with scan on push, immutable tags and a lifecycle rule, pulled from by one role of another account and
pushed to by another one. `CfnRepository` has its policy written by hand and is the floor; it and `aws_ecr.Repository`
name the roles in the repository policy, which ECR refuses while a role does not exist. `cdk-ecr-access` renders the
account under `aws:PrincipalArn`, and what the others leave out: the requirements of the access check, the permissions
of its role, and the policies to attach in the other account. It gets each role as an `iam.ArnPrincipal`; `texts` is the
same with the text of its ARN, and `bulk` has the repositories in a manifest, read and made by `DeclaredInBulk`. Below
them the same beside `aws_ecr.Repository` with roles that are imported, and with one role of the stack that pulls and
pushes, whose own policy this library fills as well.

The seconds are those of the processors, of Python and of the CDK's process, without the imports. The marginal cost is
that of each repository beyond the first. The least of {rounds} rounds, as noise only adds, every synthesis in a fresh
process, the variants taking turns; aws-cdk-lib {cdk}. It needs Linux.

Each call into the CDK's process costs some 0.2 to 0.4 ms of both. `aws_ecr.Repository` with two `iam.ArnPrincipal`
takes 6 for a repository, and `texts` 7: one makes it, one reads its ARN, two for each grant make the `iam.Grant` that
is returned and its statement, one reads at synthesis what the repository became, since an aspect may have changed its
policy. `cdk-ecr-access` takes 11, because an `iam.ArnPrincipal` takes two, to be made and to be read; imported roles
take 13. What is left could be saved only by statements that are kept in Python until synthesis, and an aspect that
visits before would not see them."""

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
        "of `aws_ecr`",
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


def charts(results: Results) -> list[Chart]:
    """Draw the marginal cost against the repositories."""
    lines = {one: [(count, _marginal(results, one, count, "seconds") * 1000) for count in COUNTS[1:]] for one in DRAWN}
    whole = {one: [(count, _least(results[one, count])["seconds"]) for count in COUNTS] for one in DRAWN}
    return [
        Chart("Each further repository", "repositories", "CPU, ms", lines),
        Chart("The whole synthesis", "repositories", "CPU, s", whole),
    ]


def ratios(results: Results) -> dict[str, float]:
    """Compare the marginal cost at the most repositories with the peer's."""
    return {
        f"marginal cost of {one}": _of_peer(results, one, COUNTS[-1])
        for one, peer in PEERS.items()
        if one not in (FLOOR, peer)
    }


def _of_peer(results: Results, variant: str, count: int) -> float:
    ours, peer = (_marginal(results, one, count, "seconds") for one in (variant, PEERS[variant]))
    return ours / peer


def _row(results: Results, variant: str, count: int) -> list[str]:
    one = _least(results[variant, count])
    row = [f"{count}", f"`{variant}`", f"{one['seconds']:.2f}"]
    if count == COUNTS[0]:
        return [*row, "", "", "", f"{one['bytes']:,.0f}", ""]
    cost, floor = _marginal(results, variant, count, "seconds"), _marginal(results, FLOOR, count, "seconds")
    size = _marginal(results, variant, count, "bytes")
    by_peer = f"{_of_peer(results, variant, count):.2f}"
    return [*row, f"{cost * 1000:.1f}", f"{cost / floor:.2f}", by_peer, f"{one['bytes']:,.0f}", f"{size:,.0f}"]


def _least(some: list[Figures]) -> Figures:
    return {key: min(one[key] for one in some) for key in some[0]}


def _marginal(results: Results, variant: str, count: int, key: str) -> float:
    one, base = _least(results[variant, count]), _least(results[variant, COUNTS[0]])
    return (one[key] - base[key]) / (count - COUNTS[0])


SECTION: Final = Section("Cost of a repository at synthesis", 5, measure, report, charts, ratios)
