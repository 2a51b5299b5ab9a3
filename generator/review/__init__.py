"""What changes between two revisions: to scores, to ranks, and because of what.

Nothing here prints or writes into the tree that it looks at.
"""
