"""LocalCloud: an embedded AWS for trials and tests, without Docker and without an account."""

from __future__ import annotations

import os
import shutil
import subprocess
from typing import IO, TYPE_CHECKING, Any

from ecr_access.codes import Code
from ecr_access.local_cloud.bootstrap import bootstrap
from ecr_access.local_cloud.directory import make_directory
from ecr_access.local_cloud.disk import require_not_full, writing_files
from ecr_access.local_cloud.environment import (
    DEFAULT_ACCOUNT,
    DEFAULT_REGION,
    account_error,
    base_environment,
    command_environment,
)
from ecr_access.local_cloud.errors import LocalCloudError
from ecr_access.local_cloud.process import SupervisedProcess
from ecr_access.local_cloud.server import Server
from ecr_access.local_cloud.tools import require_packages
from ecr_access.local_cloud.waiting import wait_for

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path
    from types import TracebackType

    from ecr_access.local_cloud.session import LocalSession


class LocalCloud:
    """A fresh cloud on loopback, with TLS and with IAM enforced, that ends with the ``with`` block.

    It ends, with all that was started in it, also when this process is killed. Nothing of the environment of
    the user's real AWS account reaches it or the commands run against it.
    """

    def __init__(self, *, port: int | None = None, region: str = DEFAULT_REGION) -> None:
        """Describe a local cloud; ``with`` starts it.

        Args:
            port: The TCP port on 127.0.0.1; None, the default, takes a free one.
            region: The AWS Region that it answers as.
        """
        self._port = port
        self._region = region
        self._kept = False

    def __enter__(self) -> LocalCloud:  # noqa: PYI034 -- typing.Self needs Python 3.11
        """Start the cloud and wait until it answers.

        Raises:
            LocalCloudError: A package is missing, the port is taken, the disk is full, or the cloud does not answer.
        """
        require_packages()
        self._directory, self._certificate = make_directory(os.environ)
        try:
            self._base = base_environment(os.environ)
            with writing_files():
                self._server = Server(
                    port=self._port,
                    base=self._base,
                    directory=self._directory,
                    certificate=self._certificate,
                    region=self._region,
                )
        except BaseException:
            shutil.rmtree(self._directory, ignore_errors=True)
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Stop the cloud and remove all of its state, unless ``keep`` was called."""
        if not self._kept:
            self.stop()

    def stop(self) -> None:
        """Stop the cloud and remove all of its state; does nothing the second time."""
        self._server.stop()
        shutil.rmtree(self._directory, ignore_errors=True)

    def require_alive(self, *, patience: float = 0.0) -> None:
        """Raise LocalCloudDiedError where the cloud has ended by itself, or does within seconds of patience.

        Raises LocalCloudError where its disk is full.
        """
        require_not_full(self._directory)
        self._server.require_alive(patience=patience)

    def keep(self) -> int:
        """Let the cloud outlive this process; return the process id whose SIGTERM stops it and cleans up."""
        self._server.process.detach()
        self._kept = True
        return self._server.process.supervisor_pid

    @property
    def endpoint(self) -> str:
        """The URL of every service, ``https://localhost:PORT``."""
        return self._server.endpoint

    @property
    def port(self) -> int:
        """The TCP port on 127.0.0.1; also the registry's."""
        return self._server.port

    @property
    def directory(self) -> Path:
        """The private directory of this cloud and of its caller; removed at the end."""
        return self._directory

    @property
    def region(self) -> str:
        """The AWS Region."""
        return self._region

    @property
    def group(self) -> int:
        """The process group of the cloud and of the Lambda functions that run in it."""
        return self._server.process.group

    def environment(self, account: str = DEFAULT_ACCOUNT) -> dict[str, str]:
        """Return all environment variables of a command that takes this cloud for AWS, as an account's root user.

        Args:
            account: 12 digits; each account is a cloud of its own.

        Raises:
            LocalCloudError: The account is no 12 digits.
        """
        if problem := account_error(account):
            raise LocalCloudError(Code.LOCAL_OPTION.ends(problem))
        return command_environment(
            base=self._base,
            directory=self._directory,
            certificate=self._certificate,
            endpoint=self.endpoint,
            account=account,
            region=self._region,
        )

    def session(
        self,
        account: str = DEFAULT_ACCOUNT,
        *,
        access_key: str | None = None,
        secret_key: str | None = None,
        token: str | None = None,
    ) -> LocalSession:
        """Return a boto3 session of an account's root user, or of other credentials.

        Args:
            account: 12 digits; each account is a cloud of its own.
            access_key: Of other credentials, for example an assumed role's.
            secret_key: Belongs to ``access_key``.
            token: Belongs to ``access_key``.
        """
        from ecr_access.local_cloud.session import LocalSession  # boto3 takes 0.2 s

        return LocalSession(self.environment(account), access_key=access_key, secret_key=secret_key, token=token)

    def client(self, service: str, account: str = DEFAULT_ACCOUNT) -> Any:
        """Return a boto3 client of an account's root user.

        Args:
            service: As boto3 calls it, such as ``ecr``.
            account: 12 digits; each account is a cloud of its own.
        """
        return self.session(account).client(service)

    def run(
        self,
        command: Sequence[str],
        *,
        account: str = DEFAULT_ACCOUNT,
        cwd: Path | None = None,
        output: Callable[[str], None] | None = None,
        stdin: int | IO[str] | None = subprocess.DEVNULL,
        foreground: bool = False,
        seconds: float = float("inf"),
    ) -> int:
        """Run a command against this cloud and return its exit code.

        Args:
            command: The program and its arguments.
            account: As whose root user it runs.
            cwd: Its working directory.
            output: Takes each line that it writes; where None, it writes to our own output.
            stdin: What it reads, as of ``subprocess``; nothing by default.
            foreground: Whether it gets the terminal, Ctrl-C included.
            seconds: How long it may take; without a limit by default.

        Raises:
            LocalCloudDiedError: The cloud ended before the command did; the command was ended too.
            LocalCloudError: The command took too long and was ended, or the cloud's disk is full.
        """
        process = SupervisedProcess(
            command,
            environment=self.environment(account),
            stdin=stdin,
            stdout=None if output is None else subprocess.PIPE,
            cwd=cwd,
            foreground=foreground,
        )
        return wait_for(process, alive=self.require_alive, output=output, seconds=seconds)

    def cdk(
        self,
        *arguments: str,
        account: str = DEFAULT_ACCOUNT,
        cwd: Path | None = None,
        output: Callable[[str], None] | None = None,
        seconds: float = float("inf"),
    ) -> int:
        """Run the AWS CDK CLI against this cloud and return its exit code; nothing it asks for stops it.

        Args:
            arguments: Of ``cdk``, such as ``"deploy", "--all", "--require-approval", "never"``.
            account: As whose root user it runs.
            cwd: The folder of its ``cdk.json``; the working directory by default.
            output: Takes each line that it writes; where None, it writes to our own output.
            seconds: How long it may take; without a limit by default.

        Raises:
            LocalCloudError: As of ``run``.
        """
        command = ["cdk", *arguments, "--no-notices", "--no-color", "--ci"]
        return self.run(command, account=account, cwd=cwd, output=output, seconds=seconds)

    def bootstrap(self, account: str = DEFAULT_ACCOUNT, *, output: Callable[[str], None] | None = None) -> None:
        """Prepare an account and this cloud's Region for ``cdk deploy``.

        Args:
            account: 12 digits; each account is a cloud of its own.
            output: Takes each line that the CDK CLI writes; where None, they are shown if it fails.

        Raises:
            LocalCloudError: Node.js or the CDK CLI are missing or do not fit, or the bootstrap failed.
        """
        bootstrap(self, account, output)
