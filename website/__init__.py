"""What the documentation site is built with: `make docs`. Its pages are under `docs/`, its settings in `mkdocs.yml`."""
