"""Run the simulator on its own: ``python -m crosswalk.simulators.freshsales``."""

import argparse

from crosswalk.simulators.freshsales import serve
from crosswalk.simulators.standalone import run


def main() -> None:
    """Read the arguments and serve; ``--port 0`` picks a free port."""
    parser = argparse.ArgumentParser(prog="python -m crosswalk.simulators.freshsales")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--api-key", default="sample-key")
    given = parser.parse_args()
    run(
        lambda ready: serve(
            host=given.host, port=given.port, api_key=given.api_key, ready=ready
        )
    )


if __name__ == "__main__":
    main()
