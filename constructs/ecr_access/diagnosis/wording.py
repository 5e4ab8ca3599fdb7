"""How a sentence names what was read, and leaves out what was not."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ecr_access.diagnosis.reading import Reading


def place(r: Reading) -> str:
    """Return where it is, to follow a noun."""
    parts = (f"account {r.account}" if r.account else "", f"Region {r.region}" if r.region else "")
    known = ", ".join(filter(None, parts))
    return f" in {known}" if known else ""


def region(r: Reading) -> str:
    """Return in which Region, to follow a noun."""
    return f" in Region {r.region}" if r.region else ""


def repository(r: Reading) -> str:
    """Return the repository."""
    return f"repository {r.repository}" if r.repository else "the repository"


def registry(r: Reading) -> str:
    """Return the registry."""
    return r.registry or f"the registry{place(r)}"


def image(r: Reading) -> str:
    """Return the image."""
    if r.repository and r.tag:
        return f"{r.repository}:{r.tag}"
    return f"the image of {repository(r)}" if r.repository else "the image"
