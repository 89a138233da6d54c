"""The pages of a board pack, one module a page, and what they share: cells, signs and small lines."""
