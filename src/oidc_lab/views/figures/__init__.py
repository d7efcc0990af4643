"""Figures of how long refresh tokens live: each is a function from a frame to axes, whose title is its conclusion."""
