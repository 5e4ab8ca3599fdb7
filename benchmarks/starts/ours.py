"""The access check's handler, called as Lambda calls it: ``ours.py EVENT``."""

import json
import sys

from ecr_access.check import handler


class Context:
    """Lambda's context."""

    log_group_name = "/aws/lambda/check"
    aws_request_id = "c0ffee"

    def __init__(self, function: str) -> None:
        """Name the function."""
        self.invoked_function_arn = function

    def get_remaining_time_in_millis(self) -> int:
        """Tell the time left."""
        return 60_000


event = json.loads(sys.argv[1])
handler.handle(event, Context(event["ResourceProperties"]["ServiceToken"]))
