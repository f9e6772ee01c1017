"""The command line as a person runs it, against simulators of their own processes."""
