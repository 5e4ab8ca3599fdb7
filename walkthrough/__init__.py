"""``make deploy-local``: deploys app.py into an embedded cloud and shows, step by step, that it works."""
