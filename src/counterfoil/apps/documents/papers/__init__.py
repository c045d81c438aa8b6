"""One module a paper: from its source to its contents."""
