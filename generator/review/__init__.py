"""Review: what a change of the data alters, and whether it may go in. Must not word or print."""
