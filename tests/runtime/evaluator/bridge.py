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

from tests.runtime.fakes import ACCOUNT

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tests.runtime.evaluator.calls import Call

_SCRIPT = Path(__file__).with_name("bridge.mjs")
_STOP_SECONDS = 5.0


class SecondEvaluator:
    """Asks the evaluator what a repository policy says of calls."""

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
        question = {
            "policy": policy,
            "resource": {"resource": repository, "accountId": ACCOUNT},
            "calls": [{"principal": one.principal, "action": action, "context": dict(one.context)} for one in calls],
        }
        self._questions.write(json.dumps(question) + "\n")
        self._questions.flush()
        answer: dict[str, Any] = json.loads(self._answers.readline() or '{"error": "the process ended"}')
        if "error" in answer:
            raise RuntimeError(f"the second evaluator refused {json.dumps(policy)}: {answer['error']}")
        return [str(one) for one in answer["answers"]]


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
