"""A small AWS on loopback: moto for the breadth, and a strict front for what moto lets pass.

The front checks every signature and parameter as AWS would, answers the calls moto lacks, and keeps
the states that take time (roll-outs, modifications, snapshots, reviews) on a clock that can be sped
up. The demo runs on it and the tests are written against it.
"""
