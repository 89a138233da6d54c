"""Schedule: how each month stands, what is due, and who is told."""
