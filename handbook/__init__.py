"""Pages of the documentation that are made from the code: `make handbook` writes them.

`make check` compares them, so that none can age.
"""
