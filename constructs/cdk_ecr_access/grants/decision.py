"""What a grant to one principal renders, and which check proves it: a pure function; grants obey it.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html
"""

from __future__ import annotations

from dataclasses import dataclass

from ecr_access.iam.principals import Kind


@dataclass(frozen=True)
class Situation:
    """What is known of a principal and a repository.

    Attributes:
        kind: of the principal.
        attached: whether a policy of the principal takes the statements: its construct is in this app, and it can.
        foreign: whether the principal is known to live in another account than the repository.
        conditional: whether the caller has put the principal under conditions.
        of_accounts: whether these conditions only say for which accounts a service acts.
        perhaps_own: whether it is an account that may be the repository's own, which needs no statement.
        declared: whether this app declares the repository, and so its policy.
        at_home: whether the repository may be in the account of the stack that grants.
    """

    kind: Kind
    attached: bool = False
    foreign: bool = False
    conditional: bool = False
    of_accounts: bool = False
    perhaps_own: bool = False
    declared: bool = True
    at_home: bool = True


@dataclass(frozen=True)
class Decision:
    """What is rendered, and who proves it.

    Attributes:
        on_repository: the repository's policy names the principal.
        compared: the check finds that statement in the live policy, since the principal's access does not prove it.
        wrapped_token: a role that is wrapped in conditions is allowed the token by its own policies.
        handed_over: administrators elsewhere attach the identity's half, which is an output.
        proved_there: the check of the principal's stack proves the identity's half.
        proved_here: the check of the repository's stack proves the repository's half.
    """

    on_repository: bool
    compared: bool
    wrapped_token: bool
    handed_over: bool
    proved_there: bool
    proved_here: bool


def decide(given: Situation) -> Decision:
    """Decide a grant.

    Within an account either side allows. Across accounts both must, and each account can prove its own half alone.
    """
    is_identity = given.kind is Kind.IAM_IDENTITY
    on_repository = not given.attached or given.foreign
    proved_there = is_identity and (given.attached or not given.foreign)
    return Decision(
        on_repository=on_repository,
        compared=on_repository and _is_compared(given),
        wrapped_token=is_identity and not given.attached,
        handed_over=not given.attached,
        proved_there=proved_there and not given.perhaps_own,
        proved_here=(not proved_there or given.foreign) and given.at_home and not given.perhaps_own,
    )


def _is_compared(given: Situation) -> bool:
    if given.perhaps_own:
        return True
    if not given.declared:
        # Such a policy counts by its effect: the requirement says what it has to allow, unless a condition that only
        # a call meets is to be taken for met.
        return given.conditional and not given.of_accounts
    # The account that a service acts for is not known before it calls, a role's own policies may allow it as well, and
    # what a condition asks for only a call tells.
    return given.kind is Kind.SERVICE or (given.kind is Kind.IAM_IDENTITY and not given.foreign) or given.conditional
