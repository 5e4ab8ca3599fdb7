"""The MiniStack server of one local cloud: listening on loopback, with TLS, under a supervisor."""

from __future__ import annotations

import errno
import socket
import ssl
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING, Final

from ecr_access.codes import Code
from ecr_access.local_cloud.environment import server_environment
from ecr_access.local_cloud.errors import LocalCloudDiedError, LocalCloudError
from ecr_access.local_cloud.process import SupervisedProcess

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ecr_access.local_cloud.certificate import Certificate

_APPLICATION: Final = Path(__file__).with_name("emulator") / "as_aws"
_HOST: Final = "127.0.0.1"
_START_SECONDS: Final = 60.0
_LOG_LINES: Final = 15


class Server:
    """A running MiniStack."""

    def __init__(
        self,
        *,
        port: int | None,
        base: Mapping[str, str],
        directory: Path,
        certificate: Certificate,
        region: str,
    ) -> None:
        """Start MiniStack on a port of the loopback interface, a free one where None, and wait until it answers."""
        path = directory / "ministack.log"
        path.touch()
        self._log = path.open(errors="replace")  # readable after the directory is gone
        # We bind and MiniStack inherits: no other process can take the port between its choice and its use.
        with _listen(port) as listener, path.open("w") as log:
            self.port: int = listener.getsockname()[1]
            self.endpoint = f"https://localhost:{self.port}"
            self._process = SupervisedProcess(
                # Not MiniStack's own entry point: it also listens on 443 and writes a file to be stopped by.
                [
                    *(sys.executable, "-m", "hypercorn", f"{_APPLICATION}:app"),
                    *("--bind", f"fd://{listener.fileno()}", "--keep-alive", "75"),
                    *("--workers", "0"),  # none beside the process itself
                    *("--certfile", str(certificate.certificate), "--keyfile", str(certificate.key)),
                ],
                environment=server_environment(
                    base=base,
                    directory=directory,
                    certificate=certificate,
                    endpoint=self.endpoint,
                    port=self.port,
                    region=region,
                ),
                stdout=log,
                cwd=directory,
                grace=0,  # it has nothing to save
                remove=directory,
                pass_fds=[listener.fileno()],
            )
        try:
            self._wait_until_healthy(ssl.create_default_context(cafile=str(certificate.authority)))
        except BaseException:
            self.stop()
            raise

    @property
    def process(self) -> SupervisedProcess:
        """The server's process."""
        return self._process

    def require_alive(self, *, patience: float = 0.0) -> None:
        """Raise LocalCloudDiedError where the server has ended, or ends within some seconds of patience."""
        code = self._process.wait(patience)
        if code is not None:
            raise LocalCloudDiedError(
                Code.LOCAL_CLOUD_ENDED.ends(
                    f"the local cloud at {self.endpoint} ended (exit code {code}); "
                    f"its last log lines:\n{self._last_lines()}"
                )
            )

    def stop(self) -> None:
        """End the server and everything that it started."""
        self._process.stop()
        self._log.close()

    def _wait_until_healthy(self, context: ssl.SSLContext) -> None:
        # No proxy: with the user's it would ask for localhost elsewhere.
        opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=context)
        )
        deadline = time.monotonic() + _START_SECONDS
        while True:
            self.require_alive()
            try:
                with opener.open(f"{self.endpoint}/_ministack/health", timeout=5):
                    return
            except (urllib.error.URLError, OSError) as error:
                if time.monotonic() > deadline:
                    raise LocalCloudError(
                        Code.LOCAL_CLOUD_ENDED.ends(
                            f"the local cloud at {self.endpoint} does not answer after {_START_SECONDS:.0f} s "
                            f"({error}); its last log lines:\n{self._last_lines()}"
                        )
                    ) from error
            time.sleep(0.05)

    def _last_lines(self) -> str:
        self._log.seek(0)
        lines = self._log.read().splitlines()[-_LOG_LINES:]
        return "\n".join(f"  {line}" for line in lines) or "  (none)"


def _listen(port: int | None) -> socket.socket:
    """Return a socket that listens on the port."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((_HOST, port or 0))
        listener.listen(128)
    except (OSError, OverflowError) as error:
        listener.close()
        if isinstance(error, OSError) and error.errno == errno.EADDRINUSE:
            raise LocalCloudError(
                Code.LOCAL_OPTION.ends(
                    f"port {port} of {_HOST} is taken: stop what listens there, give another port, "
                    "or give none to get a free one"
                )
            ) from error
        raise LocalCloudError(
            Code.LOCAL_OPTION.ends(f"cannot listen on port {port} of {_HOST} ({error}): give 1024 to 65535")
        ) from error
    return listener
