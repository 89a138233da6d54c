"""The command line: what people type, and the words they read."""
