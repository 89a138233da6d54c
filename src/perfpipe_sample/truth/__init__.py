"""Truth: the sample's figures, worked out without a line of perfpipe."""
