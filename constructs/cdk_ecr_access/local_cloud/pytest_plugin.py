"""Gives tests a local cloud: ``pytest_plugins = ["cdk_ecr_access.local_cloud.pytest_plugin"]``.

Its fixtures are those of ``cdk_ecr_access.testing``, whose plugin is active wherever the package is installed; beside
that, this changes nothing.
"""

pytest_plugins = ["cdk_ecr_access.testing.pytest_plugin"]
