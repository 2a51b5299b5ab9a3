"""Documents for offices: what an official paper says, and how it lies on the page.

Must not judge or print; reads nothing but the wording it is given.
"""
