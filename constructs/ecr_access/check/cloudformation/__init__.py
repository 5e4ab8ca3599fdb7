"""The protocol of custom resources: one answer, whatever happens."""
