"""MiniStack's application, amended where it answers otherwise than AWS does and this library depends on it.

hypercorn imports this folder by its path, as a package of its own: nothing of ``cdk_ecr_access`` is loaded here, whose
import starts Node.js. Each amendment is a module that says what MiniStack does and what AWS does. They are written for
the one release of MiniStack that is pinned.
"""

from __future__ import annotations

from ministack.app import app

from . import authorization, condition_keys, early_validation, images, repositories, simulator

__all__ = ["app"]

for amendment in (authorization, condition_keys, early_validation, images, repositories, simulator):
    amendment.amend()
