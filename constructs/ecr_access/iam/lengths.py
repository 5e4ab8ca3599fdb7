"""How long values of a deployment may be, where a limit is counted before they are known."""

from __future__ import annotations

from typing import Final

PLAUSIBLE: Final = 128
"""Characters that any other value is counted as; the ARN of a role with a name of 64 characters has 102."""

PSEUDO_PARAMETERS: Final = {"AWS::Partition": 10, "AWS::Region": 15, "AWS::AccountId": 12, "AWS::URLSuffix": 16}
"""The longest value of each: aws-us-gov, ap-southeast-7 with room for two digits, 12 digits, amazonaws.com.cn."""
