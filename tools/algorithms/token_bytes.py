"""Which bytes of a text belong to which token, and which characters belong to none."""

from collections.abc import Iterator, Sequence

HALF = "\ufffd"  # what a token shows of a character that it holds only a part of
_LONGEST_HALF = 3  # bytes: a character has at most four
_HEX_SHOWN = 3


def pieces_of(text: str, pieces: Sequence[str]) -> tuple[bytes | None, ...]:
    """Return the bytes of each piece; None where more than one cut would show the same texts.

    A piece's text must be what its bytes decode to. That alone settles nearly every cut: a byte
    inside a character shows one U+FFFD by itself, a cut-off beginning shows one for all of it.

    Args:
        text: Which was cut up.
        pieces: The tokens' texts, in order, with U+FFFD for what isn't a whole character. One that
            the tokenizer added, and the text hasn't, takes no bytes.
    """
    spelt = text.encode()
    starts = [{0}]  # the places where piece 0, 1, … may begin, coming from the left
    for piece in pieces:
        starts.append({end for start in starts[-1] for end in _ends(spelt, start, piece)})
    ends = {len(spelt)} & starts[-1]
    found: list[bytes | None] = []
    for place in range(len(pieces) - 1, -1, -1):  # keep those from which the end can be reached
        cuts = [
            (start, end)
            for start in sorted(starts[place])
            for end in _ends(spelt, start, pieces[place])
            if end in ends
        ]
        found.append(spelt[slice(*cuts[0])] if len(cuts) == 1 else None)
        ends = {start for start, _ in cuts}
    return tuple(reversed(found))


def dropped(text: str, spelt: bytes) -> tuple[str, ...]:
    """Return the characters that a tokenizer has left out, in whole or in part, each once.

    Args:
        text: Which was cut up.
        spelt: The bytes of all its tokens. If those aren't the text's, less some, the tokenizer
            changes texts on the way, and nothing is claimed.
    """
    at, lost = 0, []
    for character in text:
        for byte in character.encode():
            if at < len(spelt) and spelt[at] == byte:
                at += 1
            else:
                lost.append(character)
    return tuple(dict.fromkeys(lost)) if at == len(spelt) else ()


def shown_bytes(piece: str, spelt: bytes | None) -> str:
    """Return how many bytes a whole piece has; of half characters which, `e7 8c`."""
    if HALF not in piece:
        return str(len(piece.encode()))
    if spelt is None:
        return "part"
    more = "…" if len(spelt) > _HEX_SHOWN else ""
    return spelt[:_HEX_SHOWN].hex(" ") + more


def _ends(spelt: bytes, start: int, piece: str) -> Iterator[int]:
    """Yield the places where a piece that begins at `start` may end."""
    halves = piece.count(HALF)
    least = len(piece.replace(HALF, "").encode()) + halves
    most = least + (_LONGEST_HALF - 1) * halves
    last = min(start + most, len(spelt))
    is_found = False
    for end in range(start + least, last + 1):
        if spelt[start:end].decode(errors="replace") == piece:
            is_found = True
            yield end
    if not halves and not is_found:
        yield start  # the tokenizer's own: a start token, or a space that it put first
