"""Doctor: whether the machine and the workspace are fit for runs, and what to do where they are not."""
