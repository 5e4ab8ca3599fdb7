"""Templates that are wrong in every way: the types that rules read, with any value anywhere."""

from __future__ import annotations

from hypothesis import strategies as st

from ecr_access.rules.access.image_places import PLACES

ARN = "arn:aws:ecr:eu-west-1:111122223333:repository/web"
_FUNCTIONS = ["Ref", "Fn::GetAtt", "Fn::Join", "Fn::Sub", "Fn::Select", "Fn::Split", "Fn::ImportValue", "Fn::If"]
_TYPES = [
    *("AWS::ECR::Repository", "AWS::ECR::RegistryPolicy", "AWS::ECR::RepositoryCreationTemplate"),
    *(
        "AWS::ECR::ReplicationConfiguration",
        "AWS::ECR::PullThroughCacheRule",
        "AWS::ECR::RegistryScanningConfiguration",
    ),
    *("AWS::IAM::Role", "AWS::IAM::User", "AWS::IAM::Group", "AWS::IAM::Policy", "AWS::IAM::ManagedPolicy"),
    *("AWS::IAM::RolePolicy", "AWS::IAM::UserPolicy", "AWS::IAM::GroupPolicy", "AWS::IAM::UserToGroupAddition"),
    *("AWS::EKS::Nodegroup", "AWS::EKS::Cluster", "AWS::EKS::FargateProfile", "AWS::EKS::AccessEntry"),
    *("AWS::AutoScaling::AutoScalingGroup", "AWS::EC2::LaunchTemplate", "AWS::IAM::InstanceProfile"),
    *("AWS::SecretsManager::Secret", "AWS::AutoScaling::LaunchConfiguration"),
    *("AWS::CloudFormation::Stack", "AWS::Serverless::Application", "Custom::EcrAccessCheck", *PLACES),
]
_KEYS = [
    *("RepositoryName", "Prefix", "EcrRepositoryPrefix", "ReplicationConfiguration", "Rules", "Destinations", "Region"),
    *("RegistryId", "RoleName", "UserName", "GroupName", "Path", "Roles", "Users", "Groups", "ManagedPolicyArns"),
    *(
        "Effect",
        "Action",
        "NotAction",
        "Resource",
        "NotResource",
        "Principal",
        "NotPrincipal",
        "Condition",
        "Statement",
    ),
    *("ContainerDefinitions", "Image", "ExecutionRoleArn", "RequiresCompatibilities", "Code", "ImageUri"),
    *("Environment", "ImagePullCredentialsType", "ServiceRole", "SourceConfiguration", "AuthenticationConfiguration"),
    *("AccessRoleArn", "ImageRepository", "ImageIdentifier", "ContainerProperties", "EcsProperties", "TaskProperties"),
    *("Containers", "NodeProperties", "NodeRangeProperties", "Container", "EksProperties", "PodProperties"),
    *("PrimaryContainer", "PlatformCapabilities", "LifecyclePolicy", "LifecyclePolicyText", "EmptyOnDelete"),
    *("ImageScanningConfiguration", "ScanOnPush", "ImageTagMutability", "ImageTagMutabilityExclusionFilters"),
    *("ImageTagMutabilityExclusionFilterValue", "TemplateURL", "Parameters", "Existing", "AWS", "Service"),
    *("NodeRole", "PodExecutionRoleArn", "ComputeConfig", "NodeRoleArn", "PrincipalArn", "Type", "Tags", "Key"),
    *("LaunchTemplate", "LaunchTemplateId", "LaunchTemplateData", "IamInstanceProfile", "Arn", "Name", "RoleArn"),
    *("UpstreamRegistry", "UpstreamRegistryUrl", "CredentialArn", "CustomRoleArn", "AutoDeploymentsEnabled"),
    *("AgentRuntimeArtifact", "ContainerConfiguration", "ContainerUri", "WorkerTypeSpecifications"),
    *("ImageConfiguration", "ImageRepositoryType"),
    *("StringEquals", "StringNotLike", "Null", "aws:SourceArn", "aws:PrincipalOrgID", "Fn::Transform", *_FUNCTIONS),
]
_TEXTS = [
    *("A", "A.Arn", "B.Outputs.A", "${A.Arn}-${X}-${AWS::Region}", "AWS::NoValue", "*", "", "Allow", "Deny", "x"),
    *("ecr:*", "ecr:PutImage", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer", "ecr:GetAuthorizationToken"),
    *("111122223333.dkr.ecr.eu-west-1.amazonaws.com/web:1", ARN, "web", "FARGATE", "SERVICE_ROLE"),
    *(
        "arn:aws:iam::444455556666:role/x",
        "{{resolve:ssm:/x}}",
        "1.json",
        "IMMUTABLE_WITH_EXCLUSION",
        "\ue000",
        "\ue001",
    ),
    '{"rules": [1, {"rulePriority": 1, "action": {"targetStorageClass": "archive"}, "selection": {"tagStatus": 1}}]}',
    *("EC2_LINUX", "ECR_PUBLIC", "docker-hub", "registry-1.docker.io", "kubernetes.io/cluster/x"),
    '{"rules": [{"selection": []}]}',
    '{"Statement": [{"Effect": "Allow", "Action": [1, {}], "Principal": "*"}, []]}',
]
_LEAVES = st.one_of(
    st.sampled_from([None, True, False, 0, -1, 1.5, [], {}]),
    st.sampled_from(_TEXTS),
    st.sampled_from([{"Ref": "AWS::NoValue"}, {"Ref": "A"}, {"Ref": "X"}, {"Fn::GetAtt": ["B", "Outputs.A"]}]),
)
VALUES = st.recursive(
    _LEAVES,
    lambda some: st.one_of(
        st.lists(some, max_size=3),
        st.dictionaries(st.sampled_from(_KEYS), some, max_size=4),
        st.builds(lambda function, argument: {function: argument}, st.sampled_from(_FUNCTIONS), some),
    ),
    max_leaves=12,
)
_STATEMENTS = st.fixed_dictionaries(
    {"Effect": st.just("Allow") | VALUES},
    optional=dict.fromkeys(
        ("Action", "NotAction", "Resource", "NotResource", "Principal", "NotPrincipal", "Condition"), VALUES
    ),
)
_POLICIES = VALUES | st.fixed_dictionaries({"Statement": _STATEMENTS | st.lists(_STATEMENTS | VALUES, max_size=3)})
_PROPERTIES = st.builds(
    lambda some, policies: {**some, **policies},
    st.dictionaries(st.sampled_from(_KEYS), VALUES, max_size=6),
    st.fixed_dictionaries(
        {},
        optional={
            "Policies": st.lists(VALUES | st.fixed_dictionaries({"PolicyDocument": _POLICIES}), max_size=2),
            **dict.fromkeys(("PolicyDocument", "RepositoryPolicyText", "PolicyText", "RepositoryPolicy"), _POLICIES),
        },
    ),
)
_RESOURCES = st.fixed_dictionaries(
    {"Type": st.sampled_from(_TYPES) | VALUES},
    optional={
        "Properties": _PROPERTIES | VALUES,
        "DeletionPolicy": VALUES,
        "Metadata": st.just({"aws:asset:path": "1.json"}) | VALUES,
    },
)
_OUTPUTS = st.fixed_dictionaries({}, optional={"Value": VALUES, "Export": VALUES | st.builds(dict, Name=VALUES)})
TEMPLATES = st.fixed_dictionaries(
    {
        "Resources": st.dictionaries(st.sampled_from([*"ABCD", "Fn::ForEach::X"]), _RESOURCES | VALUES, max_size=5)
        | VALUES
    },
    optional={
        "Parameters": st.just({"X": {"Type": "String"}}) | VALUES,
        "Outputs": st.dictionaries(st.sampled_from("AB"), _OUTPUTS | VALUES, max_size=2) | VALUES,
        "Mappings": VALUES,
        "Transform": VALUES,
    },
)
