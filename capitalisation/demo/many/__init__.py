"""A programme of any size, made up and written in bulk, to try how Explor holds under load."""
