"""The second evaluator: npm's ``@cloud-copilot/iam-simulate``, in a process of its own that answers line by line."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from tests.ecr_access.check.fakes import ACCOUNT

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from tests.ecr_access.check.evaluator.calls import Call

OwnPolicies = dict[str, Any]
Asked = dict[str, Any]

_SCRIPT = Path(__file__).with_name("bridge.mjs")
_STOP_SECONDS = 5.0


class SecondEvaluator:
    """Asks the evaluator what a repository policy says of calls, or what all policies do."""

    def __init__(self, questions: IO[str], answers: IO[str]) -> None:
        """Use a running process.

        Args:
            questions: What it reads.
            answers: What it writes.
        """
        self._questions, self._answers = questions, answers

    def says(self, policy: object, repository: str, action: str, calls: Sequence[Call]) -> list[str]:
        """Judge one action on a repository's ARN, call by call.

        Raises:
            RuntimeError: if it does not take the policy for one, or does not answer.
        """
        asked = [{"principal": one.principal, "action": action, "context": dict(one.context)} for one in calls]
        return self.answers({"policy": policy, "resource": _resource(repository, ACCOUNT), "calls": asked})

    def decides(
        self, own: OwnPolicies, policy: object, resource: str, account: str, calls: Sequence[Asked]
    ) -> list[str]:
        """Decide on calls from all policies: "Allowed", "ImplicitlyDenied" or "ExplicitlyDenied" each.

        Args:
            own: The policies of the caller: of each kind a list of documents, one a level of its organization.
            policy: The repository's; None if there is none.
            resource: A repository's ARN, or "*".
            account: The resource's.
            calls: Objects with ``principal``, ``action`` and ``context``.

        Raises:
            RuntimeError: if it does not take a policy for one, or does not answer.
        """
        question = {"own": own, "resource": _resource(resource, account), "calls": list(calls)}
        return self.answers(question if policy is None else {**question, "policy": policy})

    def answers(self, question: Mapping[str, object]) -> list[str]:
        """Ask one question of the script.

        Raises:
            RuntimeError: if it refuses the question, or does not answer.
        """
        self._questions.write(json.dumps(question) + "\n")
        self._questions.flush()
        answer: dict[str, Any] = json.loads(self._answers.readline() or '{"error": "the process ended"}')
        if "error" in answer:
            raise RuntimeError(f"the second evaluator refused {json.dumps(question)}: {answer['error']}")
        return [str(one) for one in answer["answers"]]


def _resource(resource: str, account: str) -> dict[str, str]:
    return {"resource": resource, "accountId": account}


@contextmanager
def second_evaluator() -> Iterator[SecondEvaluator]:
    """Run the evaluator; it ends with this block, and by itself at the end of its input if this process is killed.

    Raises:
        FileNotFoundError: if there is no Node.js beside this Python or on the PATH.
    """
    places = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)])
    node = shutil.which("node", path=places)
    if node is None:
        raise FileNotFoundError("node is neither beside this Python nor on the PATH; run: make setup")
    process = subprocess.Popen([node, str(_SCRIPT)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)  # noqa: S603
    with process:
        try:
            assert process.stdin is not None
            assert process.stdout is not None
            yield SecondEvaluator(process.stdin, process.stdout)
            process.stdin.close()
            process.wait(_STOP_SECONDS)
        finally:
            process.kill()  # does nothing to one that ended
