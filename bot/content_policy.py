"""What a page of ours may do in a browser: only what stands in it, told by digests."""

import base64
import hashlib
from collections.abc import Sequence


def content_policy(scripts: Sequence[str], styles: str) -> str:
    """Allow these scripts and styles, and nothing else: no request goes anywhere.

    Args:
        scripts: Each as it stands in its element.
        styles: What a policy's `style-src` takes: a digest, or `'unsafe-inline'`.
    """
    return (
        f"default-src 'none'; script-src {' '.join(map(digest, scripts))};"
        f" style-src {styles}; base-uri 'none'; form-action 'none'"
    )


def digest(text: str) -> str:
    """Return a script or a style as a policy names it."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
