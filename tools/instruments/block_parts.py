"""What a KV cache in blocks looks like: the map, block tables, counts, the chain of hashes."""

from collections.abc import Collection

from tools.algorithms.block_tables import BlockMap, BlockTable
from tools.exhibit.exhibit import Grid, Table

PROMPT_NAMES = "ABC"
STATES = ("empty", "kept for a repeat", "held", "held by several")  # of a block, on the map
EMPTY, KEPT, HELD, SHARED = map(float, range(len(STATES)))
_ACROSS = 8  # blocks in a row of the map
_ROWS = 24  # of the chain


def grid(found: BlockMap) -> Grid:
    """Return all blocks, eight in a row: empty, kept for a repeat, held by one, held by more.

    The one that will be handed out next is lit.
    """
    states = [_state(found, block) for block in range(len(found.users))]
    rows = [states[start : start + _ACROSS] for start in range(0, len(states), _ACROSS)]
    rows[-1] += [None] * (_ACROSS - len(rows[-1]))
    return Grid(
        values=tuple(map(tuple, rows)),
        rows=tuple(str(start) for start in range(0, len(states), _ACROSS)),
        columns=tuple(f"+{column}" for column in range(_ACROSS)),
        low=EMPTY,
        high=SHARED,
        row_title="block",
        column_title="and so many on",
        lit=divmod(found.next_out[0], _ACROSS) if found.next_out else None,
        states=STATES,
    )


def tables(found: BlockMap) -> Table:
    """Return each prompt's block table; a block that isn't full stands in brackets."""
    rows = [(name, _numbers(one)) for name, one in zip(PROMPT_NAMES, found.tables, strict=False)]
    return Table(("", "its blocks"), tuple(rows))


def counts(found: BlockMap) -> Table:
    """Return tokens of each prompt: all, found when it came, in no whole block, found now."""
    names = PROMPT_NAMES[: len(found.tables)]
    rows = (
        ("tokens", *(str(one.tokens) for one in found.tables)),
        ("found", *(str(one.found) for one in found.tables)),
        ("open", *(str(one.open_tokens) for one in found.tables)),
        ("repeat", *(str(one.found_again) for one in found.tables)),
    )
    return Table(("", *names), rows)


def hashes(found: BlockMap) -> Table:
    """Return the hash of each whole block and the one that it is chained to."""
    rows = []
    for name, one in zip(PROMPT_NAMES, found.tables, strict=False):
        before = "start"
        for block, hashed in zip(one.blocks, one.hashes, strict=False):
            rows.append((f"{name} {block}", short_hash(hashed), before))
            before = short_hash(hashed)
    return Table(("block", "hash", "after"), tuple(rows[:_ROWS]))


def short_hash(hashed: bytes) -> str:
    """Return the last six signs of a hash."""
    return hashed.hex()[-6:]


def stored(found: BlockMap, kept: Collection[int]) -> Table:
    """Return each whole block's hash, and whether the server says that it keeps it now.

    Args:
        found: Where the prompts lie by the rule.
        kept: The last 64 bits of the hashes that the server's events name.
    """
    rows = {
        one.blocks[place]: (
            f"{name} {place + 1}",
            short_hash(hashed),
            "kept" if last_bits(hashed) in kept else "–",
        )
        for name, one in zip(PROMPT_NAMES, found.tables, strict=False)
        for place, hashed in enumerate(one.hashes)
        if place * found.block_size >= one.found
    }
    return Table(("block", "hash", "server"), tuple(rows.values())[:_ROWS])


def last_bits(hashed: bytes) -> int:
    """Return the last 64 bits of a hash, as the server's events write it."""
    return int.from_bytes(hashed[-8:], "big")


def _state(found: BlockMap, block: int) -> float | None:
    if block == 0:
        return None  # never used
    if found.users[block]:
        return SHARED if found.users[block] > 1 else HELD
    return KEPT if block in found.kept else EMPTY


def _numbers(one: BlockTable) -> str:
    last = len(one.blocks) - 1
    shown = [
        f"({block})" if one.open_tokens and place == last else str(block)
        for place, block in enumerate(one.blocks)
    ]
    return " ".join(shown if len(shown) <= 6 else [*shown[:2], "…", *shown[-2:]])
