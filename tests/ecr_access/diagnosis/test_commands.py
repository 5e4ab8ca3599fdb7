"""The commands that an answer shows are ones that the AWS CLI and this library know."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Any

import botocore.session
import pytest
import yaml
from botocore import xform_name

from ecr_access.cli.check import options
from ecr_access.diagnosis import diagnose
from ecr_access.diagnosis.causes import CAUSES
from ecr_access.diagnosis.reading import Reading

CORPUS: list[dict[str, Any]] = yaml.safe_load((Path(__file__).parent / "corpus.yaml").read_text(encoding="utf-8"))
OF_THE_CLI_ALONE = {("ecr", "get-login-password"), ("ecr-public", "get-login-password"), ("sso", "login")}
EVERYWHERE = {"--region", "--query", "--output"}


def _lines() -> list[str]:
    readings = [(cause, Reading()) for cause in CAUSES]
    readings += [(one.cause, one.reading) for one in map(diagnose, (entry["text"] for entry in CORPUS)) if one]
    codes = [step.code for cause, reading in readings for step in cause.steps(reading)]
    return sorted({line for code in codes for line in code.splitlines()})


def _aws() -> list[str]:
    parts = [part.strip() for line in _lines() for part in re.split(r" \| | && | > |    #", line)]
    return sorted({part for part in parts if part.startswith("aws ")})


def test_commands_are_shown() -> None:
    """So that the next test has something to look at."""
    assert len(_aws()) > 20


@pytest.mark.parametrize("line", _aws())
def test_a_command_is_one_of_the_cli(line: str) -> None:
    """Its operation and its options are in the service's model."""
    _, service, operation, *rest = shlex.split(line)
    if service == "configure" or (service, operation) in OF_THE_CLI_ALONE:
        return
    model = botocore.session.get_session().get_service_model(service)
    operations = {xform_name(name, "-"): name for name in model.operation_names}
    assert operation in operations
    shape = model.operation_model(operations[operation]).input_shape
    known = {f"--{xform_name(name, '-')}" for name in (shape.members if shape else ())}
    assert {word for word in rest if word.startswith("--")} <= known | EVERYWHERE


def test_the_check_takes_what_is_shown() -> None:
    """The command of this library too."""
    shown = [line for line in _lines() if line.startswith(options.PROG)]
    assert shown
    for line in shown:
        assert options.parse(shlex.split(line.removeprefix(options.PROG))).repositories


def test_pages_are_documentation() -> None:
    """Of AWS, of Docker, or of AWS's own helper."""
    for cause in CAUSES:
        assert re.match(r"https://(docs\.aws\.amazon\.com|docs\.docker\.com|github\.com/awslabs)/", cause.page)
