"""Questions: what was published, what was known on a day, where a figure comes from, what owners are asked."""
