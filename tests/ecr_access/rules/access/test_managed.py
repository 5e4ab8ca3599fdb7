"""What AWS's own managed policies grant."""

from __future__ import annotations

from ecr_access.rules.access.managed import granted_by


def test_the_policy_for_nodes_grants_what_its_page_says_and_no_look_for_layers() -> None:
    """https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AmazonEC2ContainerRegistryPullOnly.html."""
    assert set(granted_by("arn:aws:iam::aws:policy/AmazonEC2ContainerRegistryPullOnly") or ()) == {
        "ecr:GetAuthorizationToken",
        "ecr:BatchGetImage",
        "ecr:GetDownloadUrlForLayer",
        "ecr:BatchImportUpstreamImage",
    }
