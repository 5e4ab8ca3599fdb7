"""An embedded AWS on loopback, for ``make deploy-local``, trials and tests; never the way to deploy to AWS.

Needs the extra: ``pip install 'ecr-access[local-cloud]'``. From a shell:
``ecr-access local -- cdk deploy``; in pytest:
``pytest_plugins = ["ecr_access.local_cloud.pytest_plugin"]``.
"""

from ecr_access.local_cloud.cloud import LocalCloud
from ecr_access.local_cloud.errors import LocalCloudDiedError, LocalCloudError

__all__ = ["LocalCloud", "LocalCloudDiedError", "LocalCloudError"]
