"""The deployed checks of stacks, asked to prove again what they proved at the deployment."""
