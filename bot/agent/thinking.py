"""What a model thinks in the midst of its words, told apart from its answer as both come in.

Thinking stands between marks that each family spells in its own way, unless a server takes it out:

    <think> <thinking> <thought> <reasoning>      DeepSeek-R1, Qwen3, models tuned or told to
    [THINK]                                       Magistral
    <|channel|>analysis … <|channel|>final        gpt-oss, and `analysis…assistantfinal…` where
                                                  its server drops special tokens
    <seed:think> ◁think▷ <|START_THINKING|>       Seed-OSS, Kimi-VL, Command A Reasoning
    <|channel>thought … <channel|>                Gemma
    <|begin_of_thought|>                          Sky-T1, OpenThinker
    Here is my thought process: …                 Granite, up to `Here is my response:`

A tag may have blanks, pipes or attributes in it. What stands round an answer is left out too:
`<answer>` of Hunyuan, `<response>` of Ernie, `<|begin_of_box|>` of GLM.

What opens it may be missing: templates such as that of Qwen3-Thinking put it into the prompt, so
the model writes the closing mark alone. Sources: the models' chat templates; the parsers of vLLM
(docs.vllm.ai, Reasoning Outputs) and of llama.cpp (common/chat.cpp); OpenAI's Harmony format.
"""

import re

_WORD = r"(?:seed:)?(?:think|thinking|thoughts?|reason|reasoning|reflection)"
_MARKS = (
    rf"(?P<opens><\|?\s?{_WORD}(?:\s[^<>\n]{{0,16}})?\|?>|\[think\]|◁think▷"
    r"|<\|(?:start_thinking|begin_of_thought)\|>|<\|channel>thought\b"
    r"|<\|channel\|>(?:analysis|commentary)\b|here(?: is|['’]s) my thought process:)"
    rf"|(?P<closes><\|?/\s?{_WORD}\s?\|?>|\[/think\]|◁/think▷"
    r"|<\|end_(?:thinking|of_thought)\|>|<channel\|>"
    r"|<\|channel\|>final\b{bare}|here(?: is|['’]s) my response:)"
    r"|<\|(?:start\|>assistant|(?:end|return|message|start_response|end_response"
    r"|(?:begin|end)_of_(?:solution|box))\|>)|</?(?:answer|response)>"
)
_MARK = re.compile(_MARKS.replace("{bare}", ""), re.IGNORECASE)
_BARE_MARK = re.compile(_MARKS.replace("{bare}", "|assistantfinal"), re.IGNORECASE)
_BARE = "analysis"  # how gpt-oss begins where its special tokens are dropped
_BEGUN = re.compile(
    r"(?:<[^<>\n]{0,30}>?\w{0,12}|\[/?\w{0,6}|◁[^▷\n]{0,8}|as?s?i?s?|assist\w{0,8}"
    r"|[Hh](?:e(?:r(?:e(?: i?s?|['’]s?)(?: m?y?| my [ a-z]{0,15})?|e)?)?)?)\Z"
)
_QUOTES = frozenset("`\"'“”‘’")


class Thoughts:
    """Sorts words as they come.

    Attributes:
        answer: All that is no thinking, as far as it is known.
        has_thought: There was some thinking.
        is_thinking: What comes now is thinking.
        closed_unopened: A closing mark came that no opening one went before.
        fresh_starts: How often what looked like the answer proved to be thinking.
    """

    def __init__(self, *, is_opened: bool = False) -> None:
        """Begin.

        Args:
            is_opened: The prompt opens the thinking, as far as is known: nothing counts as the
                answer before it closes.
        """
        self.answer = ""
        self.has_thought = False
        self.is_thinking = is_opened
        self.closed_unopened = False
        self.fresh_starts = 0
        self._maybe = "" if is_opened else None  # the answer after all, if nothing closes it
        self._held = ""  # yet to be sorted: it may become a mark
        self._last = ""  # the character before that
        self._mark: re.Pattern[str] | None = None  # until the first word is known

    def take(self, words: str) -> None:
        """Add words; the end of them waits where it may be half a mark."""
        self._held += words
        self._sort(is_last=False)

    def end(self, *, is_cut: bool) -> None:
        """Sort what is left. Where the limit cut it off, thinking that never closed stays that."""
        self._sort(is_last=True)
        if self._maybe is not None and not is_cut:
            self.answer, self.is_thinking = self._maybe.strip(), False

    def _sort(self, *, is_last: bool) -> None:
        if self._mark is None and not self._begin(is_last=is_last):
            return
        marks, start = self._mark or _MARK, 0
        while found := marks.search(self._held, start):
            before = self._held[found.start() - 1] if found.start() else self._last
            after = self._held[found.end() : found.end() + 1]
            if before in _QUOTES and not after and not is_last:
                return  # the next sign tells whether it is only spoken about
            if before in _QUOTES and after in _QUOTES:
                start = found.end()
                continue
            self._let(found.start())
            self._held, self._last, start = self._held[len(found[0]) :], "", 0
            self._turn(found.lastgroup)
        begun = None if is_last else _BEGUN.search(self._held, start)
        self._let(begun.start() if begun else len(self._held))

    def _begin(self, *, is_last: bool) -> bool:
        """Look at the first word, if it is whole; return whether it is."""
        said = self._held.lstrip()
        if not is_last and _BARE.startswith(said[: len(_BARE)]) and len(said) <= len(_BARE):
            return False
        is_bare = said.startswith(_BARE) and (said[len(_BARE) :][:1] or " ").isupper()
        self._mark = _BARE_MARK if is_bare else _MARK
        if is_bare:
            self._held = said.removeprefix(_BARE)
            self._turn("opens")
        return True

    def _turn(self, mark: str | None) -> None:
        """Go from answer to thinking, or back."""
        if mark is None:
            return  # a sign of the template, no more
        self.has_thought = True
        if mark == "closes":
            self.closed_unopened |= not self.is_thinking or self._maybe is not None
            if not self.is_thinking and self.answer:
                self.answer, self.fresh_starts = "", self.fresh_starts + 1
        self.is_thinking, self._maybe = mark == "opens", None

    def _let(self, length: int) -> None:
        """Put so much of what is held where it belongs."""
        words, self._held = self._held[:length], self._held[length:]
        self._last = words[-1:] or self._last
        if self._maybe is not None:
            self._maybe += words
        if not self.is_thinking:
            self.answer = (self.answer + words) if self.answer else words.lstrip()
