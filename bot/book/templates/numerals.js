"use strict";
// A number as people write it, read by the rules of tools/numerals.py: each function here is the
// one of that name there, and one table of examples is read by both (tests/written_numbers.py).

// Return a number as cards write it: ten digits of it, all places up to 10¹⁵.
function said(value) {
  const [digits, power] = value.toExponential(9).split("e").map(Number);
  if (value === 0 || (power >= -4 && power < 15)) return value.toLocaleString("en", { maximumSignificantDigits: 10 });
  return `${digits}e${power < 0 ? "-" : "+"}${String(Math.abs(power)).padStart(2, "0")}`;
}

function numerals({ scales, glued, letters, measures, percent, unsure, longest, rules }) {
  const UNSEEN = /[\u061c\u200b-\u200f\u202a-\u202c\u2060-\u2069\ufeff]/g;
  const SPACES = /[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/g;
  const LEAD = /(?:(?:[~≈∼+=$€£]|about|around|roughly|approximately|approx[.]?|circa|ca[.]?|nearly|almost|maybe|perhaps|probably) ?)*/y;
  const FRACTION = /(-?) ?(?:([0-9]+) )?([0-9]+) ?\/ ?([0-9]+)(?! ?[0-9/]|[.,][0-9])/y;
  const FIGURE = /(-?) ?([0-9]+(?:[.,'_٫ ][0-9]+)*|[.,٫][0-9]+)/y;
  const SIGNS = /[.,'_٫ ]/g;
  const TIMES_TEN = /e([+-]?[0-9]{1,3})(?![0-9]|[.,][0-9])| ?[x×*·⋅] ?10 ?(?:\^|\*\*) ?([+-]?[0-9]{1,3})(?![0-9]|[.,][0-9])/y;
  const POWER = / ?(?:\^|\*\*) ?([+-]?[0-9]{1,3})(?![0-9]|[.,][0-9])/y;
  const WORD_ENDS = "(?![^ .,;:?!)/-])";
  const words = Object.keys(scales).sort((a, b) => b.length - a.length).join("|");
  const SCALE = new RegExp(` ?(?:(${words})${WORD_ENDS}[.]?|([${Object.keys(glued).join("")}]))`, "uy");
  const UNIT = / ?(%|[a-zμ]+)/y;
  const OTHER_NUMBER = /[\x00-\x1f\x7f-\x9f\u202d\u202e0-9]|(?:^|[ -])(?:or(?! so)|to|and|bis|oder|und)(?: |$)/;

  const matched = (pattern, text, at) => ((pattern.lastIndex = at), pattern.exec(text));
  const unreadable = (understood = "", rest = "", asked = "") => ({ understood, rest: rest.replace(/^ +| +$/g, "").replace(/[\x00-\x1f\x7f-\x9f\u202d\u202e]/g, "�"), asked });

  function digit(sign) {
    let value = 0;
    while (/\p{Nd}/u.test(String.fromCodePoint(sign.codePointAt(0) - value - 1))) value += 1;
    return String(value % 10); // digits of a script stand in a row, from its nought
  }

  function plainSign(sign) {
    const plain = sign.normalize("NFKC");
    if (plain.includes("⁄")) return ` ${plain.replaceAll("⁄", "/")}`; // ½
    return plain.replace(/\p{Nd}/gu, digit);
  }

  function tidy(raw) {
    const superscript = (run) => `^${run.replaceAll("⁺", "+").replaceAll("⁻", "-").normalize("NFKC")}`;
    const found = raw.split(/([⁰¹²³⁴-⁹⁺⁻]+)/u)
      .map((part, place) => (place % 2 ? superscript(part) : [...part].map(plainSign).join("")));
    const alike = { "−": "-", "’": "'", "‘": "'", "′": "'", "`": "'", "٬": "'", "٪": "%" };
    return found.join("").replace(/[−’‘′`٬٪]/g, (sign) => alike[sign])
      .replace(UNSEEN, "").replace(SPACES, " ").replace(/^ +| +$/g, "").toLowerCase();
  }

  function isGrouped(figure, sign) {
    const by = sign === "." ? "[.]" : sign;
    const western = `[1-9][0-9]{0,2}(?:${by}[0-9]{3})+`;
    return new RegExp(`^(?:${western}|[1-9][0-9]?(?:${by}[0-9]{2})+${by}[0-9]{3})$`).test(figure);
  }

  function parted(figure, minus) {
    const signs = figure.match(SIGNS) ?? [];
    const last = signs.at(-1) ?? "";
    let digits = figure, rule = "";
    if (last === "," && signs.length === 1 && /^[1-9][0-9]{0,2},[0-9]{3}$/.test(figure)) {
      digits = figure.replace(",", "");
      rule = rules.thousands;
    } else if ([".", ",", "٫"].includes(last) && signs.filter((one) => one === last).length === 1) {
      const cut = figure.indexOf(last);
      const whole = figure.slice(0, cut);
      if (signs.length > 1 && !isGrouped(whole, signs[0])) return null;
      digits = `${whole.replace(SIGNS, "")}.${figure.slice(cut + 1)}`;
      if (signs.length === 1 && last === ",") rule = rules.comma;
      if (last === "." && /^[1-9][0-9]{0,2}[.][0-9]{3}$/.test(figure)) rule = rules.point;
    } else if (signs.length) {
      if (!isGrouped(figure, last)) return null;
      digits = figure.replace(SIGNS, "");
    }
    return { value: Number(minus + digits), isPlain: !rule, rule };
  }

  function fraction(text, at) {
    const found = matched(FRACTION, text, at);
    if (!found || !Number(found[4])) return null;
    const value = Number(found[2] ?? 0) + Number(found[3]) / Number(found[4]);
    return [{ value: found[1] ? -value : value, isPlain: true, rule: "" }, at + found[0].length];
  }

  function figure(text, at) {
    const found = matched(FIGURE, text, at);
    if (!found) throw unreadable();
    const [all, minus, digits] = found, end = at + all.length;
    const read = parted(digits, minus);
    if (read === null) {
      const cuts = [...digits.matchAll(SIGNS)].map((one) => one.index).reverse();
      const known = cuts.find((cut) => cut && parted(digits.slice(0, cut), minus));
      throw unreadable(said(parted(digits.slice(0, known), minus).value), text.slice(end - digits.length + known));
    }
    return [read, end + (/^[.,](?![0-9])/.test(text.slice(end)) ? 1 : 0)];
  }

  function measuredIn(unit) {
    const word = matched(UNIT, unit.toLowerCase(), 0)?.[1];
    for (const [measure, sizes] of Object.entries(measures)) {
      if (word && Object.hasOwn(sizes, word)) return [measure, sizes[word]];
    }
    return ["", 1];
  }

  function scaled(found, text, at, measure) {
    let { value, isPlain } = found;
    const times = matched(TIMES_TEN, text, at), power = matched(POWER, text, at);
    if (times) {
      const exponent = Number(times[1] ?? times[2]), ten = 10 ** Math.abs(exponent);
      value = exponent > 0 ? value * ten : value / ten;
      at += times[0].length;
    } else if (power) {
      value = (value < 0 ? -1 : 1) * Math.abs(value) ** Number(power[1]);
      at += power[0].length;
    }
    const scale = matched(SCALE, text, at);
    const word = scale?.[1] ?? scale?.[2];
    const isRate = unsure.includes(word) && text[at + (scale?.[0].length ?? 0)] === "/"; // t/s
    if (scale && !Object.hasOwn(letters[measure] ?? {}, word) && !isRate) {
      value *= scales[word] ?? glued[word];
      at += scale[0].length;
      isPlain = isPlain && !unsure.includes(word);
    }
    if (!Number.isFinite(value)) throw unreadable();
    return [{ value, isPlain, rule: found.rule }, at];
  }

  function inUnit(found, after, unit) {
    if (after.length > 30 || OTHER_NUMBER.test(after)) throw unreadable(said(found.value), after);
    const match = matched(UNIT, after, 0);
    if (!match) return found;
    const word = match[1], [asked, size] = measuredIn(unit);
    const isLetter = Object.hasOwn(letters[asked] ?? {}, word)
      && new RegExp(`^${WORD_ENDS}`).test(after.slice(match[0].length));
    const [given, factor] = isLetter ? [asked, letters[asked][word]] : measuredIn(word);
    const times = (ratio, isAsked) => ({ ...found, value: found.value * ratio, isPlain: found.isPlain && ratio === 1 && isAsked });
    if (!unit) return times(percent.includes(word) ? factor : 1, true); // 40 % of nothing that is named: 0.4
    if (given && given !== asked) throw unreadable(`${said(found.value)} ${word}`, "", unit);
    return times(given ? factor / size : 1, Boolean(given) || unit.toLowerCase().includes(word.slice(0, 3)));
  }

  // Return {value, isPlain, rule}, or {understood, rest, asked} of what is no number.
  return function readNumber(raw, unit = "") {
    const text = [...raw].length <= longest ? tidy(raw) : "";
    let at = matched(LEAD, text, 0)[0].length, found;
    try {
      [found, at] = fraction(text, at) ?? figure(text, at);
      [found, at] = scaled(found, text, at, measuredIn(unit)[0]);
      return inUnit(found, text.slice(at), unit);
    } catch (why) {
      if (why.understood === undefined) throw why;
      return why;
    }
  };
}
