"""The bench: the one place where a clock, a source of randomness and a store are made and passed down."""

from oidc_lab.lab.bench import Lab

__all__ = ["Lab"]
