"""PDF: the pages of a pack on A4, tagged, complete without any other file. Places blocks, and decides nothing."""
