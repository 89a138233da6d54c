"""Wording: the sentences, numbers and notes that packs use."""
