"""The part of AWS that the access check calls: real wire shapes, and a token bucket before each service."""
