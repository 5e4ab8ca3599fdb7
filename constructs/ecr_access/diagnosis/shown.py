"""What of a text is printed again: the words that it was recognised by, and the values that were read; nothing else.

Any line of a log may hold a password, and there is no telling how it is written. So nothing is hidden here; instead a
word is printed only if the sign itself consists of it.
"""

from __future__ import annotations

import re
from dataclasses import asdict
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from ecr_access.diagnosis.reading import Reading

_GAP: Final = "..."
_LONGEST: Final = 60  # of a word; also bounds the search for its parts
_QUOTES: Final = "'\"()[],;"
# Classes, repetitions and the heads of groups: what of an expression stands for other texts than its own.
_NOT_LITERAL: Final = re.compile(r"\\[A-Za-z]|\[[^\]]*\]|\{[0-9,]*\}|\(\?[a-z]*[:=!]")
_LITERAL: Final = re.compile(r"[A-Za-z0-9]{2,}")
_PUNCTUATION: Final = r"[!-/:-@\[-`{-~]{0,2}"
_LONE_WORDS: Final = re.compile(r"\.\.\.(?: \S+ \.\.\.)+")


def recognised(found: re.Match[str], reading: Reading) -> str:
    """Return what a sign matched, with a gap for each word that is neither the sign's own nor a value that was read.

    Empty if there is nothing but gaps.
    """
    own = _words_of(found.re)
    values = {value for value in asdict(reading).values() if value}
    words = [word if _is_own(word, own) or word.strip(_QUOTES) in values else _GAP for word in found[0].split()]
    kept = [word for before, word in zip(["", *words], words, strict=False) if word != _GAP or before != _GAP]
    text = _LONE_WORDS.sub(_GAP, " ".join(kept))
    return "" if text == _GAP else text


def _is_own(word: str, own: re.Pattern[str]) -> bool:
    return len(word) <= _LONGEST and own.fullmatch(word) is not None


def _words_of(sign: re.Pattern[str]) -> re.Pattern[str]:
    """Return the expression of a word that consists of a sign's literal parts, such as ``ExpiredTokenException``."""
    literals = {part.lower() for part in _LITERAL.findall(_NOT_LITERAL.sub(" ", sign.pattern))}
    longest_first = sorted(literals, key=lambda part: (-len(part), part))
    return re.compile(rf"{_PUNCTUATION}(?:(?:{'|'.join(longest_first)}){_PUNCTUATION})+", re.IGNORECASE | re.ASCII)
