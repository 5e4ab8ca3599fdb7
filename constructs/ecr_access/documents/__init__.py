"""YAML and JSON with the places of their values, and the templates written in them."""
