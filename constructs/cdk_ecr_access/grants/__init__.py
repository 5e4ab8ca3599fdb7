"""Grants: what each renders on the identity side and on the repository side, and what is checked."""
