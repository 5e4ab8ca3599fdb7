"""What keeps a check from being made at all."""


class NotCheckedError(Exception):
    """Nothing was asked: a wrong argument, or no credentials; the text says what to do."""
