"""An embedded AWS on loopback, for ``make deploy-local``, trials and tests; never the way to deploy to AWS.

Needs the extra: ``pip install 'cdk-ecr-access[local-cloud]'``. From a shell:
``python -m cdk_ecr_access.local_cloud -- cdk deploy``; in pytest:
``pytest_plugins = ["cdk_ecr_access.local_cloud.pytest_plugin"]``.
"""

from cdk_ecr_access.local_cloud.cloud import LocalCloud
from cdk_ecr_access.local_cloud.errors import LocalCloudDiedError, LocalCloudError

__all__ = ["LocalCloud", "LocalCloudDiedError", "LocalCloudError"]
