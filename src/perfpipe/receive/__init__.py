"""Receive: what was delivered, copied and recorded."""
