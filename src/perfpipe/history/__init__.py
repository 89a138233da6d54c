"""History: what audiences saw, what is known now, and why they differ."""
