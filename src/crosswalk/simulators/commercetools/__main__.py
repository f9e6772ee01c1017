"""Run the simulator on its own: ``python -m crosswalk.simulators.commercetools``."""

import argparse

from crosswalk.simulators.commercetools import serve
from crosswalk.simulators.standalone import run


def main() -> None:
    """Read the arguments and serve; ``--port 0`` picks a free port."""
    parser = argparse.ArgumentParser(
        prog="python -m crosswalk.simulators.commercetools"
    )
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--project-key", default="sample")
    given = parser.parse_args()
    run(
        lambda ready: serve(
            host=given.host,
            port=given.port,
            project_key=given.project_key,
            ready=ready,
        )
    )


if __name__ == "__main__":
    main()
