"""Review: what changes between two revisions, because of what, and whether it may go in.

Nothing here prints or writes into the tree that it looks at.
"""
