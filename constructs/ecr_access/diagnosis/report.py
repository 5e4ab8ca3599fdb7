"""How a diagnosis is shown: plain text for people, JSON for programs."""

from __future__ import annotations

import textwrap
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from ecr_access.diagnosis.reading import Reading
    from ecr_access.diagnosis.recognise import Diagnosis

_WIDTH: Final = 100

NOT_RECOGNISED: Final = """\
not recognised: no known error of Amazon ECR is in this text

1. Give more of it: the line that names the image, and the lines around the word "error" or "denied".
   What is looked for are the words of docker, podman, containerd, buildx, skopeo, crane, kaniko, the AWS CLI and SDKs,
   ECS, EKS, CodeBuild, Lambda, the CDK and Terraform for: a repository or an image that does not exist (404), a missing
   or expired sign-in and a refused action (403), too many calls (429), an immutable tag, a KMS key, a VPC endpoint.
2. The registry may be another one, such as Docker Hub: then nothing here applies.
3. If it is Amazon ECR's, report the text as an issue of this library's repository, with the tool that printed it and
   the tool's version. Take out passwords, tokens and account ids first.
"""


def as_text(found: Diagnosis) -> str:
    """Write a diagnosis for a person: the error and its cause in the first line, then what to do."""
    lines = [found.summary, "", *textwrap.wrap(found.cause.meaning, _WIDTH), ""]
    for number, step in enumerate(found.steps, start=1):
        head, *more = step.text.split("\n")
        lines += textwrap.wrap(
            f"{number}. {head}", _WIDTH, subsequent_indent="   ", break_long_words=False, break_on_hyphens=False
        )
        # Whole lines, however narrow the terminal: what is to be copied must not be broken.
        lines += [f"     {line}" for line in (*more, *step.code.splitlines())]
    lines += ["", f"read more: {found.cause.page}", f"recognised by: {found.recognised_by}"]
    return "\n".join(lines) + "\n"


def as_document(found: Diagnosis) -> dict[str, Any]:
    """Write a diagnosis as a document of JSON."""
    return {
        "recognised": True,
        "error": found.cause.error.name.lower().replace("_", "-"),
        "cause": found.cause.name,
        "summary": found.summary,
        "meaning": found.cause.meaning,
        "values": values(found.reading),
        "steps": [asdict(step) for step in found.steps],
        "page": found.cause.page,
        "recognised_by": found.recognised_by,
    }


def values(reading: Reading) -> dict[str, str]:
    """Return what was read, without what was not."""
    return {name: value for name, value in asdict(reading).items() if value}
