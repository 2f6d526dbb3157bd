"""A small OpenID provider on loopback, which can be told to lie."""
