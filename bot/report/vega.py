"""Vega, Vega-Lite and vega-embed as one script that asks nothing of any server."""

import subprocess
import sys
from functools import cache

_PRINT = (
    "import sys, vl_convert, altair;"
    "version = '_'.join(altair.SCHEMA_VERSION.split('.')[:2]);"
    "sys.stdout.buffer.write(vl_convert.javascript_bundle(vl_version=version).encode())"
)


@cache
def vega_script() -> str:
    """Return the script, made once; 0.9 MB.

    In a process of its own: the library that bundles it would keep 140 MB of this one's memory.
    """
    made = subprocess.run([sys.executable, "-c", _PRINT], capture_output=True, check=True)
    return made.stdout.decode()
