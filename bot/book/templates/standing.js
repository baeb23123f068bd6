// How a lesson went, and what the reader's confidence was worth.

const SURE = 0.85;
const SIGNS = new Map([[true, "✓"], [false, "✗"], [null, "·"]]);

// Return the guesses that have both a confidence and a verdict.
function judgedOf(rules) {
  return rules
    .map((rule) => ({ rule, kept: Kept.at(rule) }))
    .filter(({ rule, kept }) => kept && !kept.skipped && kept.right != null && rule.levels.length)
    .map(({ rule, kept }) => ({ rule, kept, said: rule.levels[kept.sure], right: kept.right }));
}

function calibrationLine(judged) {
  const sure = judged.filter((one) => one.said >= SURE);
  if (!judged.length) return "";
  if (!sure.length) return "You were never sure. A guess is allowed to be bold.";
  const right = sure.filter((one) => one.right).length;
  return `When you were sure, you were right ${right} of ${sure.length} ${sure.length === 1 ? "time" : "times"}.`;
}

// The five levels as points: how sure, against how often right; the diagonal is perfect judgement.
function calibrationChart(judged) {
  const levels = new Map();
  for (const one of judged) levels.set(one.kept.sure, [...(levels.get(one.kept.sure) ?? []), one]);
  const points = [...levels].sort(([a], [b]) => a - b).map(([, all]) => ({
    said: all.reduce((sum, one) => sum + one.said, 0) / all.length,
    right: all.filter((one) => one.right).length,
    count: all.length,
  }));
  const x = (share) => 34 + share * 226, y = (share) => 168 - share * 156;
  const told = points.map((p) => `${Math.round(p.said * 100)} % sure: ${p.right} of ${p.count} right`);
  const marks = [0, 0.5, 1].map((at) =>
    `<text x="${x(at)}" y="184" text-anchor="middle">${at * 100} %</text>` +
    `<text x="29" y="${y(at) + 4}" text-anchor="end">${at * 100}</text>`).join("");
  const dots = points.map((p) =>
    `<circle cx="${x(p.said)}" cy="${y(p.right / p.count)}" r="${4 + Math.min(8, Math.sqrt(p.count) * 2)}"/>`).join("");
  return `<svg viewBox="0 0 280 204" role="img" aria-label="${told.join("; ")}">` +
    `<path class="even" d="M${x(0)} ${y(0)}L${x(1)} ${y(1)}"/><path class="axis" d="M${x(0)} ${y(1)}V${y(0)}H${x(1)}"/>` +
    `${marks}<text x="147" y="201" text-anchor="middle">how sure you were</text>${dots}</svg>` +
    `<ul class="levels">${told.map((line) => `<li>${line}</li>`).join("")}</ul>`;
}

// Return a lesson in a few lines: tries, confidence, the boldest miss, one belief to look at again.
function recapOf(rules) {
  const asked = rules.filter((rule) => rule.levels.length);
  const judged = judgedOf(asked);
  const met = new Map();
  for (const { rule, kept, said } of judged) {
    const belief = kept.right ? null : rule.beliefs[judge(rule, kept.answer).outcome];
    if (belief) met.set(belief, (met.get(belief) ?? 0) + 1 + said); // surest errors count most
  }
  const missed = judged.filter((one) => !one.right).sort((a, b) => b.said - a.said)[0];
  return {
    judged,
    right: judged.filter((one) => one.right).length,
    skipped: asked.filter((rule) => !Kept.at(rule) || Kept.at(rule).skipped).length,
    signs: asked.map((rule) => {
      const kept = Kept.at(rule);
      return SIGNS.get(kept && !kept.skipped && kept.right != null ? kept.right : null);
    }).join(""),
    line: calibrationLine(judged),
    missed: missed?.rule ?? null,
    missedSure: missed?.said ?? 0,
    belief: [...met].sort((a, b) => b[1] - a[1])[0]?.[0] ?? null,
  };
}
