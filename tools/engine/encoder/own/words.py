"""Text as the sentence encoder reads it: WordPiece, in small letters, without accents.

Written out because the tokenizers library comes with torch's half of the dependencies, and a bot
on a cluster has neither.
"""

import unicodedata
from collections.abc import Iterator, Mapping
from pathlib import Path

LONGEST_WORD = 100  # characters; a longer one is unknown, as in BERT
UNKNOWN, BEGIN, END = "[UNK]", "[CLS]", "[SEP]"


class WordPieces:
    """Cuts text into the pieces of BERT's vocabulary.

    Source:
        Devlin et al. 2019, arXiv:1810.04805; `BertNormalizer` and `WordPiece` in tokenizers.
    """

    def __init__(self, ids: Mapping[str, int]) -> None:
        self._ids = ids

    @classmethod
    def load(cls, vocabulary: Path) -> "WordPieces":
        """Read a vocabulary: a piece a line, its id the line's number."""
        lines = vocabulary.read_text(encoding="utf-8").splitlines()
        return cls({piece: number for number, piece in enumerate(lines)})

    def ids(self, text: str, most: int) -> list[int]:
        """Return the ids of a text, no more than `most`, between those of begin and end."""
        pieces: list[int] = []
        for word in _words(text):
            pieces += self._pieces(word)
            if len(pieces) >= most - 2:
                break
        return [self._ids[BEGIN], *pieces[: most - 2], self._ids[END]]

    def _pieces(self, word: str) -> list[int]:
        """Cut one word, the longest known piece first; all or nothing."""
        if len(word) > LONGEST_WORD:
            return [self._ids[UNKNOWN]]
        found, start = [], 0
        while start < len(word):
            mark = "##" if start else ""
            for end in range(len(word), start, -1):
                piece = self._ids.get(mark + word[start:end])
                if piece is not None:
                    break
            else:
                return [self._ids[UNKNOWN]]
            found.append(piece)
            start = end
        return found


def _words(text: str) -> Iterator[str]:
    word = ""
    for sign in _normal(text):
        if sign.isspace():
            alone = ""
        elif _stands_alone(sign):
            alone = sign
        else:
            word += sign
            continue
        if word:
            yield word
        if alone:
            yield alone
        word = ""
    if word:
        yield word


def _normal(text: str) -> str:
    kept = (" " if c in "\t\n\r" else c for c in text if c in "\t\n\r" or not _is_control(c))
    parted = unicodedata.normalize("NFD", "".join(kept))
    return "".join(c.lower() for c in parted if unicodedata.category(c) != "Mn")


def _is_control(sign: str) -> bool:
    return sign == "\ufffd" or unicodedata.category(sign) in ("Cc", "Cf", "Co", "Cs")


def _stands_alone(sign: str) -> bool:
    """Whether a sign is a word by itself: punctuation, or a Chinese character."""
    code = ord(sign)
    if code < 128:
        return not sign.isalnum()
    is_cjk = 0x4E00 <= code <= 0x9FFF or 0x3400 <= code <= 0x4DBF or 0x20000 <= code <= 0x2FA1F
    return is_cjk or 0xF900 <= code <= 0xFAFF or unicodedata.category(sign)[0] == "P"
