"""Phrases: words of messages that every room needs: counts with their nouns, and known names near a mistyped one."""
