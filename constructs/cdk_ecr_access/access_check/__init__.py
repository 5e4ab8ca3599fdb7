"""AccessCheck: one custom resource a stack, its function, its role and what it is given to prove."""
