"""Paper in: the bytes of a plan document become a checked draft's raw material.  Pure."""
