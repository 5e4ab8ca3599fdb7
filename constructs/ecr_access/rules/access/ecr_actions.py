"""The actions of Amazon ECR that IAM knows, to tell an action that does not exist.

``ecr_actions.json`` has its date, and is written by ``make ecr-actions``. A newer version of AWS may know more.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerregistry.html
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

_TABLE: Final[dict[str, Any]] = json.loads(Path(__file__).with_name("ecr_actions.json").read_bytes())

AS_OF: Final = str(_TABLE["date"])
"""The date of the list."""

ACTIONS: Final[tuple[str, ...]] = tuple(_TABLE["actions"])
"""Without the prefix ``ecr:``, sorted."""
