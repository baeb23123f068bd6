"""Texts in which tokenizers differ: composed or not, other scripts, signs of several parts."""

TEXTS = {
    "plain": "The cat sat on the mat.",
    "composed": "caf\u00e9 stra\u00dfe na\u00efve",
    "decomposed": "cafe\u0301 nai\u0308ve",
    "spaces": "  two  spaces\tand\n\na line ",
    "Japanese": "日本語の猫",
    "emoji": "👩‍💻 🙂 👨‍👩‍👧",
    "right to left": "שלום, مرحبا",
    "added": "naïve <think> \n\n",
    "numbers": "12,34,567 + 3",
    "far planes": "a\U00040000b\U00050000\U000e0041",
    "signs of alphabets": "Ġ ▁ <0x0A> Ã© ## </w>",
}
