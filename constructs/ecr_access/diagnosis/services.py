"""The services and registries that are told apart from ECR, by every name that texts give them."""

from __future__ import annotations

import re
from typing import Final

ECR: Final = "ECR"
PUBLIC: Final = "ECR Public"
OURS: Final = (ECR, PUBLIC)
UNLISTED: Final = "another service of AWS"
"""One whose action is refused, and whose name is not in the table; nothing that a text alone says is printed."""

_BY_PREFIX: Final = {
    # The prefix of IAM actions; SDKs name the service nearly the same.
    "ecr": ECR,
    "ecr-public": PUBLIC,
    "acm": "Certificate Manager",
    "apigateway": "API Gateway",
    "application-autoscaling": "Application Auto Scaling",
    "apprunner": "App Runner",
    "autoscaling": "EC2 Auto Scaling",
    "batch": "AWS Batch",
    "bedrock": "Bedrock",
    "bedrock-agentcore": "Bedrock AgentCore",
    "cloudformation": "CloudFormation",
    "cloudfront": "CloudFront",
    "cloudwatch": "CloudWatch",
    "codeartifact": "CodeArtifact",
    "codebuild": "CodeBuild",
    "codecommit": "CodeCommit",
    "codedeploy": "CodeDeploy",
    "codepipeline": "CodePipeline",
    "dynamodb": "DynamoDB",
    "ec2": "EC2",
    "ecs": "ECS",
    "eks": "EKS",
    "elasticfilesystem": "EFS",
    "elasticloadbalancing": "Elastic Load Balancing",
    "elasticmapreduce": "EMR",
    "events": "EventBridge",
    "iam": "IAM",
    "inspector2": "Inspector",
    "kms": "KMS",
    "lambda": "Lambda",
    "logs": "CloudWatch Logs",
    "organizations": "AWS Organizations",
    "rds": "RDS",
    "route53": "Route 53",
    "s3": "S3",
    "sagemaker": "SageMaker",
    "scheduler": "EventBridge Scheduler",
    "secretsmanager": "Secrets Manager",
    "servicediscovery": "Cloud Map",
    "signer": "Signer",
    "sns": "SNS",
    "sqs": "SQS",
    "ssm": "Systems Manager",
    "ssmmessages": "Systems Manager",
    "states": "Step Functions",
    "sts": "STS",
    "waf-regional": "WAF",
    "wafv2": "WAF",
    "xray": "X-Ray",
}
NAMES: Final = frozenset({*_BY_PREFIX.values(), "Kubernetes", UNLISTED})
PREFIXES: Final = tuple(sorted(_BY_PREFIX, key=len, reverse=True))

_ALIASES: Final = {
    "asm": "secretsmanager",
    "bedrockagentcorecontrol": "bedrock-agentcore",
    "cloudwatchlogs": "logs",
    "ecrpublic": "ecr-public",
    "efs": "elasticfilesystem",
    "emr": "elasticmapreduce",
    "eventbridge": "events",
    "identitymanagement": "iam",
    "securitytoken": "sts",
    "sfn": "states",
    "simplesystemsmanagement": "ssm",
}

# Of ECR and ECR Public, without the ones that other services have under the same name.
_OWN: Final = (
    "BatchCheckLayerAvailability BatchDeleteImage BatchGetImage BatchGetRepositoryScanningConfiguration "
    "CompleteLayerUpload CreatePullThroughCacheRule CreateRepositoryCreationTemplate DeletePullThroughCacheRule "
    "DeleteRegistryPolicy DeleteRepositoryCreationTemplate DeleteRepositoryPolicy DeleteSigningConfiguration "
    "DeregisterPullTimeUpdateExclusion DescribeImageReplicationStatus DescribeImageScanFindings "
    "DescribeImageSigningStatus DescribeImageTags DescribePullThroughCacheRules DescribeRegistries "
    "DescribeRepositories DescribeRepositoryCreationTemplates GetAccountSetting GetAuthorizationToken "
    "GetDownloadUrlForLayer GetLifecyclePolicyPreview GetRegistryCatalogData GetRegistryPolicy "
    "GetRegistryScanningConfiguration GetRepositoryCatalogData GetRepositoryPolicy GetSigningConfiguration "
    "InitiateLayerUpload ListImageReferrers ListPullTimeUpdateExclusions PutImage PutImageScanningConfiguration "
    "PutImageTagMutability PutRegistryCatalogData PutRegistryPolicy PutRegistryScanningConfiguration "
    "PutReplicationConfiguration PutRepositoryCatalogData PutSigningConfiguration "
    "RegisterPullTimeUpdateExclusion SetRepositoryPolicy StartImageScan StartLifecyclePolicyPreview "
    "UpdateImageStorageClass UpdatePullThroughCacheRule UpdateRepositoryCreationTemplate UploadLayerPart "
    "ValidatePullThroughCacheRule"
)
OPERATIONS: Final = frozenset(_OWN.split())
_SHARED: Final = (
    "CreateRepository DeleteLifecyclePolicy DeleteRepository DescribeImages DescribeRegistry GetLifecyclePolicy "
    "ListImages ListTagsForResource PutAccountSetting PutLifecyclePolicy TagResource UntagResource"
)
SHARED_OPERATIONS: Final = frozenset(_SHARED.split())
_OPERATIONS_OF: Final = {
    "ECS": "RegisterTaskDefinition RunTask CreateService UpdateService DescribeServices DescribeTasks "
    "DescribeTaskDefinition DescribeClusters ListTasks StopTask",
    "Lambda": "CreateFunction UpdateFunctionCode UpdateFunctionConfiguration GetFunction Invoke PublishVersion",
    "STS": "GetCallerIdentity AssumeRole AssumeRoleWithWebIdentity AssumeRoleWithSAML",
    "EKS": "DescribeCluster UpdateClusterConfig CreateCluster",
    "SageMaker": "CreateModel CreateEndpoint CreateTrainingJob CreateProcessingJob CreateTransformJob",
    "App Runner": "StartDeployment",
    "Bedrock AgentCore": "CreateAgentRuntime UpdateAgentRuntime",
    "CloudFormation": "CreateStack UpdateStack DescribeStacks CreateChangeSet ExecuteChangeSet DescribeStackEvents",
    "CodeBuild": "StartBuild CreateProject UpdateProject",
    "Secrets Manager": "GetSecretValue DescribeSecret",
    "Systems Manager": "GetParameter GetParameters GetParametersByPath",
    "S3": "GetObject PutObject ListObjectsV2 ListObjects HeadObject HeadBucket",
    "EC2": "DescribeInstances DescribeVpcs DescribeSubnets RunInstances DescribeSecurityGroups",
}
SERVICE_OF_OPERATION: Final = {
    operation: service for service, names in _OPERATIONS_OF.items() for operation in names.split()
}

PULLERS: Final = frozenset(
    {"App Runner", "AWS Batch", "Bedrock AgentCore", "CodeBuild", "ECS", "EKS", "Kubernetes", "Lambda", "SageMaker"}
)
"""What pulls images itself: where it speaks of one, the refusal may be ECR's behind it."""

REGISTRIES: Final = (
    (
        "Docker Hub",
        r"\bdocker\.io\b|registry\.hub\.docker|\b(?:hub|auth|production\.cloud(?:flare|front))\.docker\.com",
    ),
    ("GitHub's registry", r"ghcr\.io|docker\.pkg\.github\.com"),
    ("Google's registry", r"\bgcr\.io|-docker\.pkg\.dev"),
    ("Azure's registry", r"azurecr\.io"),
    ("Quay", r"quay\.io"),
    ("GitLab's registry", r"registry\.gitlab"),
    ("Kubernetes' registry", r"registry\.k8s\.io"),
    ("Microsoft's registry", r"mcr\.microsoft\.com"),
    ("IBM's registry", r"\bicr\.io"),
    ("Artifactory", r"jfrog|(?i:artifactory)"),
    ("Harbor", r"(?i:\bharbor)"),
    ("Nexus", r"(?i:\bnexus)"),
    ("CodeArtifact", r"(?i:codeartifact)"),
)
# CodeArtifact is a service of AWS, and holds none.
OF_IMAGES: Final = frozenset(name for name, _ in REGISTRIES) - NAMES


def named(service: str) -> str | None:
    """Return the name of a service of AWS by its IAM prefix or by an SDK's name of it; None if it is not known."""
    plain = re.sub(r"[^a-z0-9-]", "", service.lower())
    bare = re.sub(r"^(?:amazon|aws)(?=[a-z])", "", plain)
    return next((_BY_PREFIX[key] for key in (plain, bare, _ALIASES.get(bare, "")) if key in _BY_PREFIX), None)
