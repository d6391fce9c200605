"""`python -m devicehub`."""

from devicehub.cli.main import main

if __name__ == "__main__":
    main()
