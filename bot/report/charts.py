"""The report's charts, as Vega-Lite specifications. Course text only; no learner's words."""

from collections.abc import Mapping
from typing import Any

import altair as alt

from bot.domain.classroom.cohort import (
    CohortScreen,
)

BLUE, GREY, ORANGE = "#3b7dd8", "#8a94a6", "#d9822b"
_BAR = 30  # points of a bar's row


def charts_of(screen: CohortScreen) -> Mapping[str, dict[str, Any]]:
    """Return the charts that there is something to show on, by the name of their place."""
    found: dict[str, Any] = {}
    if screen.lessons:
        found["chart-lessons"] = _lessons(screen)
    if any(step.rate is not None for step in screen.steps):
        found["chart-steps"] = _steps(screen)
    if screen.said:
        found["chart-said"] = _said(screen)
    told = labels_of(screen)  # Vega names its picture by this, whatever stood there before
    return {name: {**chart.to_dict(), "description": told[name]} for name, chart in found.items()}


def labels_of(screen: CohortScreen) -> Mapping[str, str]:
    """Return what each of these charts shows, in words, for those who don't see it."""
    found: dict[str, str] = {}
    if screen.lessons:
        found["chart-lessons"] = "Bars of learners by lesson. " + " ".join(
            f"Lesson {line.number}: {line.done:,} done, {line.under_way:,} under way."
            for line in screen.lessons
        )
    rates = [(line.rate, f"{line.number}.{line.index}") for line in screen.steps if line.judged]
    judged = [(rate, step) for rate, step in rates if rate is not None]
    if judged:
        (low, hard), (high, easy) = min(judged), max(judged)
        found["chart-steps"] = (
            f"Bars of the share right at first try, for {len(judged)} steps."
            f" Most often right: step {easy}, {high:.0%}. Least often: step {hard}, {low:.0%}."
        )
    if screen.said:
        found["chart-said"] = "How often guesses were right, by how sure they were. " + " ".join(
            f"Of those {line.said:.0%} sure, {line.right / line.judged:.0%} were right."
            for line in screen.said
        )
    return found


def _lessons(screen: CohortScreen) -> Any:
    rows = [
        {"lesson": f"{line.number} {line.title}", "state": state, "learners": count, "order": order}
        for line in screen.lessons
        for order, (state, count) in enumerate((("done", line.done), ("under way", line.under_way)))
    ]
    colours = alt.Scale(domain=["done", "under way"], range=[BLUE, ORANGE])
    filled = alt.Scale(domain=["done", "under way"], range=[1, 0.2])
    high = _BAR * len(screen.lessons)  # a number: Vega warns of heights that follow the bars
    return (
        alt.Chart(alt.Data(values=rows), width="container", height=high)
        .mark_bar(strokeWidth=1.5)
        .encode(
            x=alt.X("learners:Q", title="learners", axis=alt.Axis(tickMinStep=1)),
            y=alt.Y("lesson:N", title=None, sort=None, axis=alt.Axis(labelLimit=220)),
            color=alt.Color("state:O", title=None, scale=colours, legend=alt.Legend(orient="top")),
            stroke=alt.Stroke("state:O", scale=colours, title=None),
            fillOpacity=alt.FillOpacity("state:O", scale=filled, title=None),  # not colour alone
            order="order:Q",
            tooltip=["lesson:N", "state:N", "learners:Q"],
        )
    )


def _steps(screen: CohortScreen) -> Any:
    rows = [
        {
            "step": f"{line.number}.{line.index}",
            "rate": line.rate,
            "guesses": line.judged,
            "question": line.ask,
        }
        for line in screen.steps
        if line.rate is not None
    ]
    return (
        alt.Chart(alt.Data(values=rows), width="container", height=220)
        .mark_bar(color=BLUE)
        .encode(
            x=alt.X("step:N", title="lesson.step", sort=None),
            y=alt.Y(
                "rate:Q",
                title="right at first try",
                axis=alt.Axis(format="%"),
                scale=alt.Scale(domain=[0, 1]),
            ),
            tooltip=["question:N", alt.Tooltip("rate:Q", format=".0%"), "guesses:Q"],
        )
    )


def _said(screen: CohortScreen) -> Any:
    rows = [
        {"said": line.said, "right": line.right / line.judged, "guesses": line.judged}
        for line in screen.said
    ]
    share = alt.Scale(domain=[0, 1])
    ideal = (
        alt.Chart(alt.Data(values=[{"said": 0, "right": 0}, {"said": 1, "right": 1}]))
        .mark_line(color=GREY, strokeDash=[4, 4])
        .encode(x="said:Q", y="right:Q")
    )
    points = (
        alt.Chart(alt.Data(values=rows))
        .mark_circle(color=BLUE, opacity=0.9)
        .encode(
            x=alt.X("said:Q", title="how sure they said", scale=share, axis=alt.Axis(format="%")),
            y=alt.Y("right:Q", title="how often right", scale=share, axis=alt.Axis(format="%")),
            size=alt.Size("guesses:Q", scale=alt.Scale(range=[40, 600]), legend=None),
            tooltip=[
                alt.Tooltip("said:Q", format=".0%"),
                alt.Tooltip("right:Q", format=".0%"),
                "guesses:Q",
            ],
        )
    )
    return (ideal + points).properties(width="container", height=260)
