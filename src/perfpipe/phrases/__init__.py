"""Phrases: words of messages that every room needs: numbers with their nouns, and names that were meant."""
