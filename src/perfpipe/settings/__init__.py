"""Settings: `perfpipe.toml` and the files that it names."""
