"""``python -m crosswalk``, for where the command itself is not on the path."""

from crosswalk.cli import main

if __name__ == "__main__":
    main()
