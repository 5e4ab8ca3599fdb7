"""The principals of grants, and how a repository policy names them."""
