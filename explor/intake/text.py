"""A text as it is kept: what nobody can see, store or compare is out before any form reads it.

Everything that comes in goes through `clean()` (see `explor.intake.middleware` and
`explor.intake.json_text`), so that a length is the same on the screen and on the server.
"""

import re
import unicodedata

#: Signs that end a line somewhere: Word's soft return and page break, Unicode's own.
_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029]")
#: No paper shows them, and they hide a word from a search or turn a name over: soft hyphen,
#: zero-width space, word joiner, byte-order mark, embeddings and overrides.
_NEVER = re.compile(
    "[\x00-\x08\x0e-\x1b\x1f\x7f-\x84\x86-\x9f\xad\u200b\u2060\u202a-\u202e\ufeff\ufff9-\ufffb"
    "\ufffe\uffff]"
)
#: They matter beside letters that are read from right to left, and nowhere else.
_ISOLATES = re.compile("[\u2066-\u2069]")
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")


def clean(text: str) -> str:
    """NFC, line ends as one sign, without control signs nor invisible marks.

    Half a sign, which only a script can send, becomes « ? ». Joiners stay (emoji, Persian,
    Indian scripts), and isolates beside Arabic or Hebrew letters.
    """
    text = text.encode("utf-8", "replace").decode()
    text = _NEVER.sub("", _LINE_ENDS.sub("\n", text))
    if not _RIGHT_TO_LEFT.search(text):
        text = _ISOLATES.sub("", text)
    return unicodedata.normalize("NFC", text)


def bare(text: str) -> str:
    r"""For a number, a code, an address: no invisible sign at all, plain spaces, plain hyphens.

    « \u202a06\u201112\u00a034 » becomes « 06-12 34 ».
    """
    seen = "".join(
        sign for sign in clean(text) if unicodedata.category(sign) not in {"Cf", "Mn", "Co"}
    )
    seen = re.sub(r"[\u2010-\u2015\u2212\ufe58\ufe63\uff0d]", "-", seen)
    return re.sub(r"\s+", " ", seen).strip()
