"""TOML files: read into models, with the line of every mistake."""
