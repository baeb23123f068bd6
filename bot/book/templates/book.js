// The page itself: one step after another, each guessed before it is told.

const told = JSON.parse(document.getElementById("rules").textContent);
const rules = told.steps;
const readNumber = numerals(told.numbers);
const byId = (id) => document.getElementById(id);
const percent = (share) => (share >= 0.0005 ? `${(share * 100).toFixed(1)} %` : "<0.1 %");
const quoted = (token) => `“${token.replaceAll(" ", "␣").replaceAll("\n", "⏎")}”`;

function make(tag, text, className = "") {
  const one = document.createElement(tag);
  one.textContent = text;
  one.className = className;
  return one;
}

// What stands in the form now, or null with the reason shown.
function answerIn(section, rule) {
  const problem = section.querySelector(".problem");
  problem.textContent = "";
  if (rule.form === "picked") return section.querySelector("input:checked")?.value ?? null;
  if (rule.form === "arranged") {
    const put = section.dataset.put ?? "";
    return put in rule.answers ? put : null;
  }
  const raw = section.querySelector(".own :is(input, textarea)").value;
  if (!raw.trim()) {
    problem.textContent = "That came through empty. A guess of any kind will do.";
    return null;
  }
  if (!rule.near) return rule.odds ? raw : raw.trim();
  const read = readNumber(raw, rule.unit);
  problem.textContent = refusal(read);
  return problem.textContent ? null : String(read.value);
}

// Why what was read is no guess at a quantity; empty where it is one.
function refusal({ value, understood, rest, asked }) {
  const help = "A rough number will do, like 40 or 2 million.";
  if (understood) return `I read ${understood}, ${asked ? `and this asks for ${asked}` : `then “${rest}”`}. ${help}`;
  return value >= 0 ? "" : help;
}

// Say beneath the field how a number is read, where it might have been meant otherwise.
function showReading(section, rule) {
  const found = readNumber(section.querySelector(".own input").value, rule.unit);
  const isWorthSaying = !refusal(found) && !found.isPlain;
  section.querySelector(".reading").textContent = isWorthSaying
    ? `I read that as ${inWords(section, rule, String(found.value))}. ${found.rule}` : "";
}

function inWords(section, rule, answer) {
  if (rule.form === "picked") {
    return section.querySelector(`input[value="${answer}"] ~ span:last-child`).textContent;
  }
  if (rule.near) return `${said(Number(answer))} ${rule.unit}`.trim();
  return answer;
}

function tokenVerdict(odds, answer, verdict) {
  const lines = [];
  const { place, theirs } = verdict;
  if (odds.top.length) {
    const [first, share] = odds.top[0];
    const is = place >= 0 && odds.top[place][0].trim() === answer.trim();
    if (place < 0) lines.push(`${quoted(answer)} isn't among the ${odds.top.length} likeliest of ${odds.model}, so it got less than ${percent(odds.top.at(-1)[1])}.`);
    else lines.push(`${is ? "Yours" : "The start of yours"}, ${quoted(odds.top[place][0])}, was number ${place + 1} of ${odds.model}: ${percent(odds.top[place][1])}, or ${(-Math.log2(odds.top[place][1])).toFixed(1)} bits of surprise.`);
    if (place !== 0) lines.push(`Its first choice was ${quoted(first)}, ${percent(share)}.`);
  }
  if (theirs >= 0) lines.push(`${odds.recordedBy} is far larger: ${theirs ? `your start is its number ${theirs + 1}` : "it would have begun as you did"}.`);
  return lines.join(" ") || `You said ${quoted(answer)}.`;
}

function verdictOn(section, rule, kept) {
  const said = inWords(section, rule, kept.answer ?? "");
  const verdict = kept.answer ? judge(rule, kept.answer) : { right: null };
  if (rule.odds) return `${verdict.right ? "✓ " : ""}${tokenVerdict(rule.odds, kept.answer, verdict)}`;
  if (rule.form === "arranged") {
    const right = rightArrangement(rule);
    const hits = [...kept.answer].filter((letter, place) => letter === right[place]).length;
    return verdict.right ? "✓ All in place" : `✗ ${hits} of ${right.length} in place`;
  }
  if (verdict.right === null) return rule.form === "recall" ? "" : `You said: ${said}`;
  // kept by its key in the file; called by the letter that stands before it
  const letter = section.querySelector(`input[value="${CSS.escape(kept.answer)}"] + .letter`)?.textContent;
  const shown = rule.form === "picked" ? `${letter}: ${said}` : said;
  return verdict.right ? `✓ ${shown}` : `✗ You said ${shown}`;
}

function worth(rule, kept) {
  if (kept.right == null || !rule.levels.length || kept.sure == null) return "";
  const said = rule.levels[kept.sure], how = `You were ${Math.round(said * 100)} % sure`;
  if (kept.right) return said >= SURE ? `${how}, and right.` : `${how}, and right. You may trust that more.`;
  if (said < SURE) return `${how}. Fair: you left room for being wrong.`;
  if (rule.odds) return `${how}. The model's own first choice was another one.`;
  return `${how}, and it wasn't so. What one was sure of and corrects is what stays.`;
}

// Show what a step's guess came to.
function tell(section, rule, kept) {
  section.classList.add("told");
  section.querySelector(".verdict").textContent = verdictOn(section, rule, kept);
  const { outcome } = kept.answer ? judge(rule, kept.answer) : {};
  for (const reply of section.querySelectorAll(".reply")) {
    const mine = Number(reply.dataset.outcome) === outcome;
    reply.classList.toggle("mine", mine);
  }
  section.classList.toggle("wrong", kept.right === false);
  section.querySelector(".worth").textContent = worth(rule, kept);
  for (const box of section.querySelectorAll(".rubric input")) box.checked = (kept.ticked ?? []).includes(box.value);
  for (const input of section.querySelectorAll(".asking :is(input, textarea, button)")) input.disabled = true;
  if (rule.form === "picked") section.querySelector(`input[value="${kept.answer}"]`).checked = true;
  if (rule.form === "arranged") fill(section, rule, kept.answer, rightArrangement(rule));
  if (rule.form === "typed") section.querySelector(".own :is(input, textarea)").value = inWords(section, rule, kept.answer);
}

function rightArrangement(rule) {
  return Object.keys(rule.answers).find((one) => rule.right[rule.answers[one]]);
}

// Show what is placed so far; beside what is right, once that is told.
function fill(section, rule, put, right = "") {
  section.dataset.put = put;
  section.querySelectorAll("[data-slot]").forEach((slot, place) => {
    const button = put[place] && section.querySelector(`.put[value="${put[place]}"]`);
    const sign = right && (put[place] === right[place] ? "✓ " : "✗ ");
    slot.textContent = button ? sign + button.querySelector("span").textContent : "…";
    slot.classList.toggle("has", Boolean(button));
  });
  for (const button of section.querySelectorAll(".put")) button.hidden = put.includes(button.value);
  section.querySelector(".over").hidden = put === "";
  const sure = section.querySelector(".sure");
  if (sure) sure.disabled = !(put in rule.answers);
}

// Whether the reader has still to say how they did.
function awaits(section, kept) {
  return Boolean(section.querySelector(".rate")) && !kept.skipped && kept.rated !== true;
}

// Show each lesson as far as the reader has come: what follows a question may give it away.
function lay() {
  for (const lesson of document.querySelectorAll(".lesson")) {
    let open = true;
    for (const section of lesson.querySelectorAll(".step")) {
      section.classList.toggle("ahead", !open);
      const rule = rules[section.id];
      const kept = rule && Kept.at(rule);
      if (rule && (!kept || awaits(section, kept))) open = false;
      section.classList.toggle("skipped", Boolean(kept?.skipped));
      section.classList.toggle("rated", Boolean(kept) && !awaits(section, kept));
    }
    lesson.querySelector(".end").classList.toggle("ahead", !open);
    if (open) recap(lesson);
  }
  standing();
}

function rulesOf(lesson) {
  return Object.values(rules).filter((rule) => rule.lesson === lesson);
}

function recap(lesson) {
  const found = recapOf(rulesOf(lesson.dataset.lesson));
  const place = lesson.querySelector(".recap");
  place.replaceChildren(make("h2", "How it went"));
  place.append(make("p", `${found.right} of ${found.judged.length} right at first try.${found.skipped ? ` ${found.skipped} skipped.` : ""}`));
  place.append(make("p", found.signs, "signs"), make("p", found.line));
  if (found.missed) {
    const section = document.querySelector(`.step[id="${lesson.id.slice(7)}-${found.missed.key.split("/")[1]}"]`);
    place.append(make("p", `Boldest miss, ${Math.round(found.missedSure * 100)} % sure: ${section.querySelector("h2").textContent}`));
  }
  if (found.belief) place.append(make("p", `Worth another look: ${found.belief} It's a common belief.`));
}

function standing() {
  for (const mark of document.querySelectorAll(".done")) {
    const own = rulesOf(mark.dataset.lesson);
    const made = own.filter((rule) => Kept.at(rule)).length;
    mark.dataset.minutes ??= mark.textContent;
    mark.textContent = made === 0 ? mark.dataset.minutes : made === own.length ? "✓ done" : `${made} of ${own.length}`;
  }
  const all = Object.values(rules), judged = judgedOf(all);
  byId("cover").querySelector(".standing").hidden = judged.length === 0;
  if (judged.length) {
    byId("cover").querySelector(".calibration").innerHTML = calibrationChart(judged);
    byId("cover").querySelector(".calibration").prepend(make("p", calibrationLine(judged)));
  }
  const next = [...document.querySelectorAll(".done")].find((mark) => !mark.textContent.startsWith("✓"));
  const go = document.querySelector(".go");
  go.hidden = !next;
  if (next) go.href = next.closest("a").hash;
  if (next && all.some((rule) => Kept.at(rule))) go.textContent = "Go on";
  const share = all.filter((rule) => Kept.at(rule)).length / (all.length || 1);
  const meter = document.querySelector(".meter");
  meter.style.setProperty("--share", share);
  meter.setAttribute("aria-label", `${Math.round(share * 100)} % of the book done`);
}

function commit(section, rule, sure) {
  if (Kept.at(rule) && !Kept.at(rule).skipped) return; // locked in: a second press changes nothing
  const answer = rule.form === "recall" ? "" : answerIn(section, rule);
  if (answer === null) return;
  const right = answer ? judge(rule, answer).right : null;
  const at = new Date().toISOString();
  Kept.put(rule, { answer, sure, right, at, version: rule.version, skipped: false, rated: false });
  tell(section, rule, Kept.at(rule));
  lay();
  section.querySelector(".answer").focus({ preventScroll: true });
  section.querySelector(".answer").scrollIntoView({ block: "nearest", behavior: "smooth" });
}

function rate(section, rule, value) {
  const boxes = [...section.querySelectorAll(".rubric input:checked")].map((box) => box.value);
  Kept.put(rule, { rated: true, ticked: boxes, ...(value === "" ? {} : { right: value === "1" }) });
  tell(section, rule, Kept.at(rule));
  lay();
}

function listen(section, rule) {
  const sure = section.querySelector(".sure");
  section.addEventListener("input", (event) => {
    if (rule.near) showReading(section, rule);
    if (sure && event.target.matches(".asking input, .asking textarea")) sure.disabled = event.target.value.trim() === "";
  });
  section.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.matches(".own input") && sure && !sure.disabled) sure.querySelector("button").focus();
  });
  section.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    const is = (name) => button.classList.contains(name);
    if (is("level")) commit(section, rule, Number(button.value));
    if (is("look-up")) commit(section, rule, null);
    if (is("put")) fill(section, rule, (section.dataset.put ?? "") + button.value);
    if (is("over")) fill(section, rule, "");
    if (is("rate")) rate(section, rule, button.value);
    if (is("all")) section.classList.add("open");
    if (is("skip")) { Kept.put(rule, { skipped: true }); lay(); }
  });
}

function turn() {
  const wanted = byId(decodeURIComponent(location.hash.slice(1)) || "cover");
  const page = wanted?.closest(".page") ?? byId("cover");
  for (const one of document.querySelectorAll(".page")) one.classList.toggle("turned", one !== page);
  if (wanted && wanted !== page) wanted.scrollIntoView();
  else scrollTo(0, 0);
}

Kept.open(told.title);
document.documentElement.classList.add("live");
document.querySelector(".unkept").hidden = Kept.isKept;
for (const [id, rule] of Object.entries(rules)) {
  const section = byId(id), kept = Kept.at(rule);
  listen(section, rule);
  if (rule.form === "arranged") fill(section, rule, "");
  if (kept && !kept.skipped) tell(section, rule, kept);
}
document.querySelector(".forget").addEventListener("click", () => {
  if (confirm("Forget every guess made in this book?")) { Kept.forget(); location.reload(); }
});
addEventListener("hashchange", turn);
lay();
turn();
