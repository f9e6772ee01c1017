"""What people set: the environment, crosswalk.yaml, and what is wrong with either."""
