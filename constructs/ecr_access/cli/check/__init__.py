"""The access check from a terminal: what the deployed function runs, with the caller's own credentials."""
