"""What must never be printed again: passwords, tokens, access keys, presigned URLs."""

from __future__ import annotations

import re
from typing import Final

HIDDEN: Final = "[hidden]"

_LONG: Final = 100  # A SHA-256 digest has 64, an ECR token over a thousand.

_PATTERNS: Final = tuple(
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        # A presigned URL gives access by its whole query.
        (r"(?i)\?[^\s\"'<>?]*?X-Amz-[^\s\"'<>]*", f"?{HIDDEN}"),
        (r"(?i)X-Amz-[A-Za-z0-9-]{1,40}(?:=|%3D|\"?: ?\"?)[^&\s\"'<>]+", f"X-Amz-{HIDDEN}"),
        (r"eyJ[A-Za-z0-9_+/=.-]{5,}", HIDDEN),
        (r"\bAWS:(?!\s)[^\s\"'@\\]{8,}", f"AWS:{HIDDEN}"),
        (r"QVdTO[A-Za-z0-9+/=_-]{5,}", HIDDEN),  # "AWS:" in base64
        (r"\b(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{12,}", HIDDEN),
        (r"(?i)\b(Basic|Bearer)\s+[A-Za-z0-9+/=_.~-]{16,}", rf"\1 {HIDDEN}"),
        (r"(?i)(\b[a-z][a-z0-9+.-]{1,10}://)[^\s/@:\"']{1,200}:[^\s/@\"']+@", rf"\1{HIDDEN}@"),
        # The value of an option, a variable or a key; `--password-stdin` has none.
        (r"(?i)(--(?:password|passwd|token|secret)[= ]\s{0,8})(?!-)\S+", rf"\1{HIDDEN}"),
        (r"(?i)(--(?:src-|dest-)?creds[= ]\s{0,8})\S+", rf"\1{HIDDEN}"),
        (r"(?i)(\blogin\b[^\n]{0,200}?\s-p[= ]?\s{0,8})(?!-)\S+", rf"\1{HIDDEN}"),
        (
            (
                r"(?i)((?:password|passwd|secret|access_?key|session_?token|api_?key|private_?key)"
                r"[\w-]{0,60}[\"']?\s{0,8}(?:=|:(?!:))\s{0,8}[\"']?)(?!\[hidden\])[^\s\"',;]+"
            ),
            rf"\1{HIDDEN}",
        ),
        (r"(?i)((?:token|auth)[\"']?\s{0,8}(?:=|\":)\s{0,8}[\"']?)[^\s\"',;&]{6,}", rf"\1{HIDDEN}"),
        (rf"[A-Za-z0-9+/=_-]{{{_LONG},}}", HIDDEN),
    )
)


def without_secrets(text: str) -> str:
    """Hide what gives access to something, or looks like it."""
    for pattern, replacement in _PATTERNS:
        text = pattern.sub(replacement, text)
    return text
