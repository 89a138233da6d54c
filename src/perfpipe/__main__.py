"""`python -m perfpipe`: the command line."""

from perfpipe.cli.main import main

if __name__ == "__main__":
    main()
