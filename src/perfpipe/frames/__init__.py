"""Frames: the schema and key of each frame that crosses a stage, and the libraries behind them, loaded when used."""
