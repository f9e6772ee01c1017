"""The JSON Schema of crosswalk.yaml, for editors; it follows from `shape`."""

import json
from typing import Final

from crosswalk.domain.model import Json
from crosswalk.domain.transforms import TRANSFORMS
from crosswalk.settings.shape import VERDICTS, File

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"

#: What the types alone do not tell an editor.
STEP: Final[Json] = {
    "anyOf": [
        {"enum": sorted(TRANSFORMS)},
        {
            "type": "object",
            "propertyNames": {"enum": sorted(TRANSFORMS)},
            "minProperties": 1,
            "maxProperties": 1,
        },
    ]
}
EXPECTATION: Final[Json] = {
    "anyOf": [
        {"enum": list(VERDICTS)},
        {
            "type": "object",
            "properties": {"write": {}},
            "required": ["write"],
            "additionalProperties": False,
        },
    ]
}


def json_schema() -> dict[str, Json]:
    """Describe crosswalk.yaml as a JSON Schema (draft 2020-12)."""
    schema = File.model_json_schema()
    definitions = schema["$defs"]
    definitions["FieldLine"]["properties"]["transform"]["items"] = STEP
    expect = definitions["MappingTest"]["properties"]["expect"]
    expect["additionalProperties"] = EXPECTATION
    return {"$schema": DIALECT, **schema, "title": "crosswalk.yaml"}


def schema_text() -> str:
    """Write the schema as the file that is published."""
    return json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n"
