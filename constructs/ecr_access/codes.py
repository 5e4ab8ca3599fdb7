"""The codes that error messages end with, one for each situation; ``ecr-access explain CODE`` prints what it means."""

from __future__ import annotations

from enum import Enum
from typing import Final

_LINE: Final = "\n"


class Code(Enum):
    """A situation that an error is about. Codes are stable: a number that is given up is not given again."""

    ARGUMENT = 101
    REPOSITORY_NAME = 102
    TAG_FILTER = 103
    ENCRYPTION = 104
    LIFECYCLE_RULES = 105
    EXISTING_REPOSITORY = 106
    NAME_CHANGED = 107
    NAME_TWICE = 108
    POLICY_TOO_LONG = 109
    NOT_IN_BULK = 110

    PRINCIPAL = 201
    POLICY_OF_ANOTHER_OWNER = 202
    ROLE_FULL = 203
    NAME_PREFIX = 204
    LAMBDA_ACCOUNTS = 205

    CHECK_PLACE = 301
    CHECK_EXISTS = 302
    TOKEN_REQUIREMENT = 303
    GRANT_TOO_LATE = 304
    CHECK_ROLE_FULL = 305
    CHECK_SETTING = 306
    MANY_CALLS = 307
    RECHECK = 308
    IMAGE_REQUIREMENT = 310
    IMAGE_ORDER = 311

    WATCH = 351
    NOT_HEARD = 352

    CHECK_EVENT = 400
    DENIED = 403
    REPOSITORY_MISSING = 404
    POLICY_CHANGED = 409
    IMAGE_MISSING = 410
    UNDETERMINED = 424
    CHECK_FAILED = 500

    MANIFEST_PROBLEMS = 601
    NO_MANIFEST = 602
    MANIFEST_STACKS = 603
    TEMPLATE_UNREADABLE = 611
    RULES_OPTION = 612
    NOT_COMPARED = 613

    ASSERTION_FAILED = 701
    NOT_IN_TEMPLATES = 702
    NO_TEMPLATE = 703
    SNAPSHOT_FIXTURE = 704

    LOCAL_TOOL = 801
    LOCAL_OPTION = 802
    LOCAL_CLOUD_ENDED = 803
    LOCAL_DISK = 804
    LOCAL_COMMAND = 805

    NOT_CHECKED = 901
    NO_TEXT = 902
    NOT_WRITTEN = 903
    COMPLETION_MISSING = 904
    COMMAND_FAILED = 905
    STACK_WITHOUT_CHECK = 911
    STACK_UNREAD = 912
    CHECK_NOT_RUN = 913

    def __str__(self) -> str:
        """Write the code as a message shows it: ``ECR-ACCESS-403``."""
        return f"ECR-ACCESS-{self.value}"

    def ends(self, message: str) -> str:
        """Return a message that ends with the code; one of several lines has it on a line of its own."""
        return f"{message}{_LINE if _LINE in message else ' '}[{self}]"

    def error(self, message: str) -> ValueError:
        """Return the error about a wrong value, with a message that ends with the code."""
        return ValueError(self.ends(message))
