"""One file a version, in the order of its numbers; never changed once released."""
