"""Monitoring after the deployment: what can be seen and heard of the access that a stack granted."""
