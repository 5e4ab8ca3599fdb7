"""How registries, repositories, principals and Regions are written in the texts of errors.

What is masked (``***``, ``XXXX``, ``<account>``) is matched, but read as nothing.
"""

from __future__ import annotations

import re
from typing import Final

from ecr_access.diagnosis.services import PREFIXES

_REGION: Final = r"[a-z]{2,4}(?:-[a-z]+){1,3}-[0-9]{1,2}"
_ACCOUNT: Final = r"[0-9]{12}"
_NAME: Final = r"[a-z0-9][a-z0-9._/-]{0,254}[a-z0-9]"
# IAM allows "=" and "," in names too. Where they stand in a text, they rather end one: a line of CSV with the access
# key behind the user would otherwise be read, and printed, as one name. A dot may end the sentence.
_IAM_NAME: Final = r"[\w+.@-]{0,127}[\w+@-]"
_NAME_ENDS: Final = r"(?!\.?[\w+@/-]|[=,][^\s\"'])"
_HOST: Final = (
    r"(?:(?<![0-9a-zA-Z])(?P<account>[0-9]{12})\.)?dkr[.-]ecr(?:-fips)?\."
    rf"(?:(?P<region>{_REGION})|[^\s./:\"']{{1,40}})\."
    r"(?:amazonaws\.com\.cn|amazonaws\.com|on\.aws|on\.amazonwebservices\.com\.cn)"
)
_PORT: Final = r"(?::[0-9]{1,5}(?![0-9]))?"
_PATH: Final = r"/(?!v2/?(?![\w/]))[^\s\"'`<>(){}\[\],;\\]{1,400}"

IMAGE: Final = re.compile(rf"{_HOST}{_PORT}(?P<path>{_PATH})?", re.ASCII)
IMAGE_WITH_PATH: Final = re.compile(rf"{_HOST}{_PORT}(?P<path>{_PATH})", re.ASCII)

# A terminal may break it before the name.
REPOSITORY_ARN: Final = re.compile(
    rf"arn:aws[a-z-]{{0,20}}:ecr:(?:(?P<region>{_REGION})|[^:\s]{{0,40}}):(?:(?P<account>{_ACCOUNT})|[^:\s]{{0,40}})"
    rf":(?:repository/(?:(?P<name>{_NAME})|\S))?",
    re.ASCII,
)

NAMED_REPOSITORY: Final = re.compile(
    r"(?:(?i:repository\s+with\s+name|No\s+ECR\s+repository\s+named|exists\s+in\s+the)\s+['\"]"
    r"|AWS::ECR::Repository'\s+with\s+identifier\s+'|ECR\s+(?:Repository|Lifecycle)(?:\s+Policy)?\s+\()"
    r"(?P<name>[^'\"\s)]{1,400})['\")]",
    re.ASCII,
)

REGISTRY_ID: Final = re.compile(
    rf"(?i:registry\s+with\s+id|in\s+account|--registry-ids?)\s+['\"]?(?P<account>{_ACCOUNT})(?![0-9])",
    re.ASCII,
)

# In quotes, since any word may follow these.
TAG: Final = re.compile(
    r"(?i:imageTag[:=] {0,2}|image\s+tag\s+|and\s+tag\s+)(?P<quote>['\"])(?!null\b|invalid\b)"
    r"(?P<tag>[A-Za-z0-9_][\w.-]{0,127})(?P=quote)",
    re.ASCII,
)

PRINCIPAL: Final = re.compile(
    rf"(?P<arn>arn:aws[a-z-]{{0,20}}:(?:iam::{_ACCOUNT}:(?:user|role|root)|sts::{_ACCOUNT}:(?:assumed-role|federated-user))"
    rf"(?:/{_IAM_NAME}){{0,8}}){_NAME_ENDS}",
    re.ASCII,
)

ACTION: Final = re.compile(
    rf"(?:perform:?\s{{0,4}}|allows\s+the\s+)(?P<action>(?:{'|'.join(PREFIXES)}):[A-Za-z]{{3,60}})(?![\w-])",
    re.ASCII,
)

# Of another service than ECR: a repository is read by its name. It ends as a principal does.
RESOURCE: Final = re.compile(
    rf"on\s+resource:?\s{{1,4}}[\"']?(?P<resource>\*(?=[\s\"']|$)|arn:aws[a-z-]{{0,20}}:[a-z0-9-]{{2,30}}:[a-z0-9-]{{0,20}}"
    rf":(?:{_ACCOUNT})?:[\w+.@:/-]{{1,200}}(?<![.:])){_NAME_ENDS}",
    re.ASCII,
)

POLICY: Final = re.compile(
    rf"(?P<arn>arn:aws[a-z-]{{0,20}}:(?:organizations|iam)::(?:{_ACCOUNT}|aws):policy(?:/{_IAM_NAME}){{1,8}}){_NAME_ENDS}",
    re.ASCII,
)

# Names of ECR's and of the CDK's that end in a Region.
NAMED_REGION: Final = re.compile(
    rf"(?:prod-(?P<bucket>{_REGION})-starport-layer-bucket|-container-assets-[0-9]{{12}}-(?P<assets>{_REGION})(?![\w-]))",
    re.ASCII,
)

SIDE: Final = re.compile(r"because\s+no\s+(?P<side>identity-based|resource-based)\s+policy\s+allows", re.ASCII)

CLIENT_REGION: Final = re.compile(
    r"(?i:--region[ =]|AWS_REGION[\"']?\s{0,4}[:=]\s{0,4}|AWS_DEFAULT_REGION[\"']?\s{0,4}[:=]\s{0,4}"
    rf"|aws-region:\s{{0,4}}|api\.ecr(?:-fips)?\.|https://ecr(?:-fips)?\.)[\"']?(?P<region>{_REGION})(?![\w-])",
    re.ASCII,
)
