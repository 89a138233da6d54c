"""`python -m perfpipe`: the command line."""

from perfpipe.cli import main

if __name__ == "__main__":
    main()
