"""How the images of a repository are encrypted at rest.

https://docs.aws.amazon.com/AmazonECR/latest/userguide/encryption-at-rest.html
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from aws_cdk import aws_ecr as ecr

from cdk_ecr_access.cdk.l1 import cfn_repository_of
from ecr_access.codes import Code
from ecr_access.tokens import are_different

if TYPE_CHECKING:
    from aws_cdk.interfaces.aws_kms import IKeyRef


@dataclass(frozen=True)
class Encryption:
    """The encryption of a repository, and the key, where it is not one of AWS's."""

    for_aws_ecr: ecr.RepositoryEncryption | None
    key: IKeyRef | None
    beyond_aws_ecr: str | None = None

    @classmethod
    def of(cls, given: ecr.RepositoryEncryption | None, key: IKeyRef | None, *, region: str) -> Encryption:
        """Tell what ``aws_ecr`` can render from what it cannot: it knows ``AES_256`` and ``KMS``, and refuses others.

        Raises:
            ValueError: if a key is given, and the encryption takes none, or the key is of another Region.
        """
        value = None if given is None else given.value
        if value == "AES256" and key is not None:
            raise Code.ENCRYPTION.error(
                "encryption is AES_256, which takes no key, but encryption_key is given; allowed with a key: KMS, "
                "KMS_DSSE or nothing; leave encryption out, or leave the key out"
            )
        if key is not None and are_different(key.env.region, region):
            raise Code.ENCRYPTION.error(
                f"encryption_key is in Region {key.env.region}, and the repository in {region}; allowed: a key of the "
                "repository's Region; make one there, or a replica of a multi-Region key"
            )
        if value in (None, "AES256", "KMS"):
            return cls(given, key)
        return cls(ecr.RepositoryEncryption.KMS, key, value)

    def render(self, repository: ecr.Repository) -> None:
        """Render what ``aws_ecr`` could not."""
        if self.beyond_aws_ecr is not None:
            cfn_repository_of(repository).encryption_configuration = ecr.CfnRepository.EncryptionConfigurationProperty(
                encryption_type=self.beyond_aws_ecr, kms_key=None if self.key is None else self.key.key_ref.key_arn
            )
