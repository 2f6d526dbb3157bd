"""A small GitHub on loopback: one private repository with three workflows and their runs."""
