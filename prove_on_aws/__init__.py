"""``make prove-on-aws``: tries the assumptions of docs/assumptions.md in an AWS account."""
