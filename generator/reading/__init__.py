"""Reading: the bytes of a file in, plain values with the place of each out.

Owns strict YAML and what may stand in a file at all. Must not know what a file is about.
"""
