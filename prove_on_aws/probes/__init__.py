"""Every probe, in the order in which they are run: probes that cost seconds before probes that cost minutes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from prove_on_aws.probes import (
    access,
    accounts,
    check,
    custom_resources,
    functions,
    images,
    quotas,
    repositories,
    retained,
    simulator_answers,
    simulator_keys,
    simulator_principals,
)

if TYPE_CHECKING:
    from prove_on_aws.probe import Probe

PROBES: Final[tuple[Probe, ...]] = (
    repositories.ERRORS,
    quotas.PROBE,
    simulator_answers.PROBE,
    simulator_keys.PROBE,
    simulator_principals.NAMED,
    simulator_principals.BOUNDED,
    simulator_principals.ORGANIZATION,
    access.EVALUATED,
    access.BOUNDED,
    access.ORGANIZATION,
    accounts.PROBE,
    repositories.POLICIES,
    images.PULLED,
    images.ENCRYPTED,
    functions.PROBE,
    custom_resources.ANSWERS,
    custom_resources.ROLLBACKS,
    retained.PROBE,
    check.PROBE,
)
