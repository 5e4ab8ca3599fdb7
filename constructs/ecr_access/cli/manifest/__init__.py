"""``ecr-access manifest``: validates and explains manifests, without the CDK."""
