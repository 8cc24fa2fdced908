"""Reading of content files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from clinic.content.errors import ContentError

# The same safe loader in C, where PyYAML has it: a tenth of the time.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def load_mapping(path: Path) -> dict[str, Any]:
    """Reads a YAML file that holds a mapping.

    Raises:
        ContentError: naming the file and what is wrong.
    """
    try:
        data = yaml.load(path.read_text(encoding="utf-8"), Loader=_LOADER)
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise ContentError(f"{path}: {error}") from error
    if not isinstance(data, dict):
        raise ContentError(f"{path}: expected lines of the form `name: value`")
    return data
