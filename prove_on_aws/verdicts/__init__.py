"""Reads the answers: held or refuted. Pure, so that each is tested with answers of both kinds."""
