"""Read: the files of an extract into raw cells."""
