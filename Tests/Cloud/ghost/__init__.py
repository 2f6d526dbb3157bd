"""A small Ghost on loopback, over HTTPS: what its readers see, and how that can go wrong.

The demo looks at it in place of a blog and the tests are written against it.
"""
