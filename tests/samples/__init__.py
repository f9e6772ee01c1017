"""Answers of both APIs as JSON, put together from the documentation of each."""

from pathlib import Path
from typing import Any

import orjson


def sample(name: str) -> Any:  # noqa: ANN401 - JSON
    """Read one of them, fresh for whoever asks."""
    return orjson.loads((Path(__file__).parent / f"{name}.json").read_bytes())
