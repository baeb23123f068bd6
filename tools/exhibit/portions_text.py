"""Portions of a whole as bars to be read: with two series, those of now, and what they were."""

from tools.exhibit.exhibit import Bar, Bars, Portion, Portions


def as_bars(shares: Portions) -> Bars:
    """Return the last series as bars; each says in words what the row says."""
    return Bars(
        tuple(
            Bar(row.label, row.values[-1] or 0.0, _note(row), "", row.is_rest)
            for row in shares.rows
        )
    )


def said(value: float | None) -> str:
    """Return a share as people say it: `38.9 %`; `cut` where it was cut."""
    if value is None:
        return "cut"
    if 0 < value < 0.0005:
        return "<0.1 %"
    return f"{100 * value:.1f} %" if value < 0.9995 else "100 %"


def _note(row: Portion) -> str:
    if len(row.values) == 1:
        return row.note or said(row.values[0])
    before, now = (said(value).removesuffix(" %") for value in row.values)
    return f"{before} → {now}"
