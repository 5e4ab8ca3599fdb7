"""What an app comes to: who may do what, on which repositories, and who runs which image."""
