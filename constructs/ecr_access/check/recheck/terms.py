"""The names that are published: the constructs and the documentation read them here, too.

https://docs.aws.amazon.com/eventbridge/latest/ref/overiew-event-structure.html
"""

from __future__ import annotations

from typing import Final

RECHECK: Final = "Recheck"
"""The key of the event that asks for a recheck; it holds the properties of the custom resource."""
PUBLISH: Final = "Publish"
"""The property that asks for metrics and events, and holds the name of their stack. Default: the answer tells alone."""

NAMESPACE: Final = "EcrAccess"
STACK: Final = "Stack"
"""The dimension of the metrics: the stack's name."""
ALLOWED: Final = "Allowed"
DENIED: Final = "Denied"
UNDETERMINED: Final = "Undetermined"
NOT_PROVED: Final = "NotProved"
"""The metric that counts what is denied and what is undetermined together."""

SOURCE: Final = "cdk-ecr-access"
DETAIL_TYPE: Final = "ECR Access Finding"
SCHEMA_VERSION: Final = "1"

MOST_EVENTS: Final = 50
"""Events of one run: what is beyond is in the log and in the metrics."""
