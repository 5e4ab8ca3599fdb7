"""Which registries a text names, and so whose its words are."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from ecr_access.diagnosis.cause import Belongs

_PUBLIC: Final = re.compile(r"public\.ecr\.aws|ecr-public")
_PRIVATE: Final = re.compile(
    r"dkr[.-]ecr|(?<![\w-])ecr:[A-Za-z]|\bECR\b|api\.ecr|\baws ecr\b|arn:aws[a-z-]*:ecr:|ecr-login|ecr get-login"
    r"|CannotPullECRContainer|Elastic Container Registry|AmazonEC2ContainerRegistry|Service: (?i:ecr)\b"
    r"|GetAuthorizationToken|_ecr_"
)
_AWS: Final = re.compile(
    r"CannotPull|BUILD_CONTAINER|Unable to pull customer|\bECS\b|\bECR\b|codebuild|amazonaws\.com", re.IGNORECASE
)
_ELSEWHERE: Final = re.compile(
    r"ghcr\.io|docker\.io|registry\.hub\.docker|gcr\.io|-docker\.pkg\.dev|azurecr\.io|quay\.io|registry\.gitlab|"
    r"registry\.k8s\.io|mcr\.microsoft\.com|\bicr\.io|jfrog|(?i:codeartifact|artifactory|harbor|nexus)|localhost[:/]"
)


@dataclass(frozen=True)
class Named:
    """What a text names somewhere."""

    private: bool
    public: bool
    aws: bool
    elsewhere: bool

    @classmethod
    def of(cls, text: str) -> Named:
        """Look once through a text."""
        return cls(
            private=bool(_PRIVATE.search(text)),
            public=bool(_PUBLIC.search(text)),
            aws=bool(_AWS.search(text)),
            elsewhere=bool(_ELSEWHERE.search(text)),
        )

    def allows(self, belongs: Belongs, line: str) -> bool:
        """Whether words of a line may be taken for those of ECR."""
        if belongs is Belongs.ALWAYS:
            return True
        # The call has one name in ECR and in CodeArtifact, so that it does not tell whose it is.
        rest = _ELSEWHERE.sub("", line).replace("GetAuthorizationToken", "")
        if _ELSEWHERE.search(line) and not _PRIVATE.search(rest):
            return False
        return {
            Belongs.UNLESS_ELSEWHERE: self.private or not self.elsewhere,
            Belongs.WITH_PUBLIC: self.public and not _PRIVATE.search(line),
            Belongs.WITH_AWS: self.aws,
            Belongs.WITH_ECR: self.private,
        }[belongs]
