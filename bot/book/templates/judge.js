// What an answer is worth. Arrangements and options come judged; numbers and tokens are judged here,
// by the rules of bot/domain/lesson/kinds (a test holds the two against each other).

// Return the place of the likeliest table entry that a guess is, or else begins with; -1: none.
// After a space it is meant as typed; elsewhere the space before it may be left out.
function placeAmong(table, guess, isSpaced = false) {
  const texts = table.map(([text]) => text);
  const forms = isSpaced || /^\s/.test(guess) ? [guess] : [` ${guess}`, guess];
  const exact = texts.findIndex((text) => forms.includes(text));
  if (exact >= 0) return exact;
  const bare = (text) => (isSpaced ? text : text.trim());
  const begun = texts.filter((text) => bare(text) && bare(guess).startsWith(bare(text)));
  const longest = begun.sort((a, b) => b.trim().length - a.trim().length)[0];
  return longest === undefined ? -1 : texts.indexOf(longest);
}

function judgeNumber(rule, answer) {
  const [middle, factor] = rule.near;
  const ratio = Number(answer) / middle;
  if (ratio >= 1 / factor && ratio <= factor) return 1;
  return ratio < 1 ? 0 : 2; // too low, close, too high: the order of its outcomes
}

function judgeToken(odds, answer) {
  const place = placeAmong(odds.top, answer, odds.spaced);
  const theirs = placeAmong(odds.recorded, answer);
  if (!odds.top.length && !odds.recorded.length) return { right: null };
  const isFirst = place >= 0 && odds.first.includes(odds.top[place][0]);
  return { right: isFirst || theirs === 0, place, theirs };
}

// Return {right, outcome}: right is null where only the reader can tell.
function judge(rule, answer) {
  if (rule.answers) {
    const outcome = rule.answers[answer];
    return { right: rule.right[outcome], outcome };
  }
  if (rule.near) {
    const outcome = judgeNumber(rule, answer);
    return { right: rule.right[outcome], outcome };
  }
  return rule.odds ? judgeToken(rule.odds, answer) : { right: null };
}

// Whether an answer that was kept still answers the step: its lesson may have been edited since.
function isReadable(rule, answer) {
  if (typeof answer !== "string" || answer === "") return false;
  if (rule.answers) return answer in rule.answers;
  return !rule.near || Number(answer) >= 0;
}
