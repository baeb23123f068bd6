// What the reader did, kept in this browser under the course's name.

const Kept = {
  name: "", steps: {}, isKept: true,

  open(title) {
    this.name = `hunch/book/${title}`;
    try {
      const found = JSON.parse(localStorage.getItem(this.name) ?? "{}");
      if (found && typeof found.steps === "object" && found.steps) this.steps = found.steps;
      localStorage.setItem(this.name, JSON.stringify({ steps: this.steps }));
    } catch {
      this.isKept = false; // a private window, or one that was told to keep nothing
    }
  },

  at(rule) {
    const found = this.steps[rule.key];
    if (!found || typeof found !== "object") return null;
    return found.skipped || rule.form === "recall" || isReadable(rule, found.answer) ? found : null;
  },

  // A guess stays what it was; only what is learnt of it later is added.
  put(rule, what) {
    this.steps[rule.key] = { version: rule.version, ...this.steps[rule.key], ...what };
    this.write();
  },

  forget() {
    this.steps = {};
    this.write();
  },

  write() {
    if (!this.isKept) return;
    try {
      localStorage.setItem(this.name, JSON.stringify({ steps: this.steps }));
    } catch {
      this.isKept = false;
    }
  },
};
