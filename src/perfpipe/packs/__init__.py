"""Report packs: one content model, from which every output is written."""
