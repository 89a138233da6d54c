"""Web: a pack as one HTML file that needs nothing else. Places blocks, and decides nothing."""
