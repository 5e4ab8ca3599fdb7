"""A kind of document without anything special."""

from __future__ import annotations

from ecr_access.documents.document import Dialect

PLAIN = Dialect(value=lambda _, held: held, most=100_000, keeps_repeated=True)
"""Every scalar of YAML is a text."""
STRICT = Dialect(value=lambda _, held: held, most=100_000)
"""The same, where a key may not be given twice."""
