"""The library is typed for the apps that import it: pyright's strict mode, which is what editors show.

mypy's strict mode reads ``tests/project/importer.py`` with everything else, in ``make test``.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

import cdk_ecr_access

IMPORTER: Final = Path(__file__).parent / "importer.py"
WRONG: Final = """
AccessibleRepository(stack, "Other", repository_nam="team/app")
repository.grant_pul(role)
repository.grant_pull(444455556666)
from cdk_ecr_access import AccessibleRepositor
from cdk_ecr_access.testing import assert_can_pul
"""


@pytest.fixture(scope="module")
def errors(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """What pyright finds in an importer's module, and in one with some typos more."""
    cdk = shutil.which("cdk")
    assert cdk is not None
    pyright = Path(cdk).resolve().parents[2] / "pyright" / "index.js"
    assert pyright.exists(), "run: make setup"
    folder = tmp_path_factory.mktemp("importer")
    text = IMPORTER.read_text(encoding="utf-8")
    (folder / "right.py").write_text(text, encoding="utf-8")
    (folder / "wrong.py").write_text(text + WRONG, encoding="utf-8")
    package = str(Path(cdk_ecr_access.__path__[0]).parent)
    settings = {"typeCheckingMode": "strict", "extraPaths": [package]}
    (folder / "pyrightconfig.json").write_text(json.dumps(settings), encoding="utf-8")
    command = ["node", str(pyright), "--outputjson", "--pythonpath", sys.executable]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=200)  # noqa: S603
    found = json.loads(done.stdout)
    assert found["summary"]["filesAnalyzed"] == 2
    errors: dict[str, list[str]] = {"right.py": [], "wrong.py": []}
    for one in found["generalDiagnostics"]:
        errors[Path(one["file"]).name].append(one["message"])
    return errors


def test_an_importer_has_no_error(errors: dict[str, list[str]]) -> None:
    """Every public name has its type."""
    assert errors["right.py"] == []


@pytest.mark.parametrize(
    "typo", ["repository_nam", "grant_pul", "Literal[444455556666]", "AccessibleRepositor", "assert_can_pul"]
)
def test_a_typo_is_found(errors: dict[str, list[str]], typo: str) -> None:
    """Nothing is Any where it should not be."""
    assert any(f'"{typo}"' in one for one in errors["wrong.py"])
