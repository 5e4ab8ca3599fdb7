"""The policy kernel: what IAM's policies say, decided from their text alone; the standard library only."""
