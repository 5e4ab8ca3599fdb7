"""What every construct asks of the CDK: stacks, tokens, lazy values and L1 resources."""
