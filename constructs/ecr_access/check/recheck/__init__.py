"""The proof repeated after the deployment: no stack waits, and what is found out is published."""
