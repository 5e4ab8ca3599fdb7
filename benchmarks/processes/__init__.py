"""What runs in processes of its own; each prints its figures as JSON."""
