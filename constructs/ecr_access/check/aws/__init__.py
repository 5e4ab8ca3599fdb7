"""What the check asks of AWS: clients, their patience and their errors."""
