"""Shape: what a file must look like, and what a regulation asks its townships to report.

Owns schemas and the explanation of every misfit. Must not know what values mean together.
"""
