"""A mail that came in, read: who sent it, to which address, what it says, what it carries.

Nothing here trusts the mail: headers may be broken, charsets unknown, parts missing.
"""

import hashlib
import logging
import re
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import getaddresses, parseaddr

from html2text import HTML2Text
from mailparser_reply.parser import EmailMessage as Exchange  # type: ignore[import-untyped]

from explor.notifications.mails import REPLY_ABOVE

logger = logging.getLogger(__name__)

#: Regular expressions of the quote finder are not given more than this.
MAX_READ = 12_000
#: A picture in the text lighter than this is a logo or a smiley.
LOGO_BYTES = 20_000
#: Lists in lists in lists: beyond this no one wrote it, and turning it into text takes minutes.
MAX_NESTING = 400
_NESTING = re.compile(r"<(?:ul|ol|blockquote|table)\b", re.I)
_RECIPIENTS = ("Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To", "To", "Cc")
_ROBOT = re.compile(r"^(mailer-daemon|postmaster|no-?reply|ne-?pas-?repondre|bounces?)\b", re.I)
_ROBOT_SUBJECT = re.compile(
    r"^\W*(réponse automatique|absen(t|ce) du bureau|message d.absence|automatic reply|auto:|"
    r"out of office|undeliver|returned mail|delivery (status|failure)|mail delivery|"
    r"non remis|échec de (la )?remise)",
    re.I,
)
#: Where the answered mail begins, as webmails write it that the library does not know.
_QUOTE = re.compile(
    r"^(?:"
    r"[>\s]*-{2,}\s*(?:message d.origine|original message|message original)\s*-{2,}"
    r"|_{10,}"
    r"|[>\s]*>\s*message du \d.*"
    r"|[>\s]*\*?(?:de|from)\s?:\*?\s.+\n(?:[>\s]*\*?(?:envoyé|sent|date|à|to|cc|objet|subject)"
    r"\s?:.*\n?){2,}"
    r"|[>\s]*\*?(?:envoyé|sent)\s?:.+\n(?:[>\s]*\*?(?:de|from|à|to|cc|objet|subject)\s?:.*\n?){2,}"
    r"|[>\s]*(?:le|on)\s(?=[^\n]*\d)[^\n]{3,200}?(?:\n[^\n]{0,200}?){0,2}?(?:a écrit|wrote)\s?:\s*$"
    r")",
    re.I | re.M,
)
_ABOVE = re.compile("^.*" + re.escape(REPLY_ABOVE).replace(r"\ ", r"\s+"), re.M)
_TAIL = re.compile(
    r"\n+(?:--\s*\n.*|(?:envoyé (?:de|depuis|à partir de)|sent from|obtenez outlook|get outlook|"
    r"télécharge[rz] outlook|provenance\s?:)[^\n]{0,120})\s*\Z",
    re.I | re.S,
)


@dataclass(frozen=True)
class Incoming:
    """`identity` is its Message-ID, or the mark of its bytes when it has none."""

    identity: str
    sender: str
    recipients: list[str]
    is_automatic: bool
    text: str
    files: list[tuple[str, bytes]] = field(default_factory=list)


def read_mail(raw: bytes) -> Incoming:
    """Whatever can be read of `raw`; what cannot is empty, nothing is raised."""
    mark = f"sha256:{hashlib.sha256(raw).hexdigest()}"
    try:
        return _read(raw, mark)
    except Exception:  # parts nested by the thousand, and what nobody thought of
        logger.warning("mail %s cannot be read", mark, exc_info=True)
        return Incoming(mark, "", [], is_automatic=False, text="")


def _read(raw: bytes, mark: str) -> Incoming:
    message = message_from_bytes(raw, policy=policy.default)
    assert isinstance(message, EmailMessage)
    return Incoming(
        identity=_header(message, "Message-ID").strip()[:300] or mark,
        sender=parseaddr(_header(message, "From"))[1].lower()[:254],
        recipients=_recipients(message),
        is_automatic=_is_automatic(message),
        text=answer_in(_text(message)),
        files=_files(message),
    )


def _plain(text: str) -> str:
    """Without what no database takes: NUL, halves of characters."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")


def _header(message: EmailMessage, name: str) -> str:
    """The standard library raises many kinds of errors on hostile headers: such a header is
    held to be absent."""
    try:
        return _plain(str(message.get(name) or ""))
    except Exception:
        return ""


def _recipients(message: EmailMessage) -> list[str]:
    # one by one: a strict `getaddresses` gives nothing at all when one header is empty
    headers = [text for name in _RECIPIENTS if (text := _header(message, name))]
    found = [pair for text in headers for pair in getaddresses([text])]
    return list(dict.fromkeys(address.lower() for _, address in found if "@" in address))


def _is_automatic(message: EmailMessage) -> bool:
    """An absence notice, a robot, a mail that comes back: nobody is speaking."""
    submitted = _header(message, "Auto-Submitted").lower().strip()
    if submitted and not submitted.startswith("no"):
        return True
    if any(_header(message, name) for name in ("X-Autoreply", "X-Autorespond", "X-Autoresponder")):
        return True
    if _header(message, "Precedence").lower().strip() in {"auto_reply", "bulk", "junk", "list"}:
        return True
    if _header(message, "Return-Path").strip() == "<>":
        return True
    if message.get_content_type() == "multipart/report":
        return True
    if _ROBOT.match(parseaddr(_header(message, "From"))[1]):
        return True
    return bool(_ROBOT_SUBJECT.match(_header(message, "Subject")))


def _text(message: EmailMessage) -> str:
    """The plain text; made from the HTML when there is none."""
    for kind in ("plain", "html"):
        part = _body(message, kind)
        if part is not None and (text := _decoded(part).strip()):
            return _from_html(text) if kind == "html" else text
    return ""


def _body(message: EmailMessage, kind: str) -> EmailMessage | None:
    for part in message.walk():
        if part.get_content_type() == f"text/{kind}" and not _is_attached(part):
            assert isinstance(part, EmailMessage)
            return part
    return None


def _is_attached(part: EmailMessage) -> bool:
    try:
        return part.get_content_disposition() == "attachment" or bool(part.get_filename())
    except Exception:
        return False


def _decoded(part: EmailMessage) -> str:
    data = part.get_payload(decode=True)
    if not isinstance(data, bytes):
        return ""
    for charset in (part.get_content_charset() or "utf-8", "utf-8", "cp1252"):
        try:
            return data.decode(charset)
        except (LookupError, ValueError):
            continue
    return data.decode("utf-8", "replace")


def _from_html(html: str) -> str:
    html = _well_closed(html[: MAX_READ * 10])
    if len(_NESTING.findall(html)) > MAX_NESTING:
        return re.sub(r"<[^<>]*>", " ", html)
    reader = HTML2Text(bodywidth=0)
    reader.ignore_images = reader.ignore_emphasis = reader.unicode_snob = True
    reader.ignore_tables = True
    text = reader.handle(html)
    return re.sub(r"^(\s*\d*)\\([.+-])", r"\1\2", text, flags=re.M)


def _well_closed(html: str) -> str:
    """Without comments nor signs that open no tag: the parser takes minutes on thousands of
    them."""
    first, *rest = html.split("<!--")
    kept = first + "".join(part.partition("-->")[2] for part in rest)
    return re.sub(r"<(?![a-zA-Z/][^<>]{0,3000}>)", "&lt;", kept)


def answer_in(text: str) -> str:
    """What the person wrote: without the mail answered to, the line of their telephone, nor
    what follows « -- »."""
    text = re.sub(r"[ \t\r]+$", "", text.replace("\x00", ""), flags=re.M)
    text = re.sub(r"\n{4,}", "\n\n\n", text)[:MAX_READ]
    mark = _ABOVE.search(text)
    answer = _tidy(_before_quote(text[: mark.start()] if mark else text))
    # written under a quote whose lines begin with « > »: what is not quoted is the answer
    return answer or _tidy(_unquoted(text))


def _before_quote(text: str) -> str:
    # the library's English takes seconds on a long line made for that; `_QUOTE` knows English
    exchange = Exchange(
        text=text, languages=["fr"], include_english=False, keep_hyphen_lists=True
    ).read()
    answer = ""
    for number, reply in enumerate(exchange.replies):
        # « Le maire nous a écrit : » is no header of a mail: that one has a date
        if reply.headers and (number == 0 or any(c.isdigit() for c in reply.headers)):
            break
        answer += f"{reply.content}\n"
    quote = _QUOTE.search(answer)
    return answer[: quote.start()] if quote else answer


def _unquoted(text: str) -> str:
    lines = text.split("\n")
    if not any(line.startswith(">") for line in lines):
        return ""
    return _QUOTE.sub("", "\n".join(line for line in lines if not line.startswith(">")))


def _tidy(text: str) -> str:
    lines = text.rstrip().split("\n")
    while lines and re.fullmatch(r">.*|[\s*_-]*", lines[-1]):
        lines.pop()
    return _TAIL.sub("", "\n" + "\n".join(lines)).strip()


def _files(message: EmailMessage) -> list[tuple[str, bytes]]:
    """What is attached, and the pictures of the text that are not logos."""
    found: list[tuple[str, bytes]] = []
    for number, part in enumerate(message.walk(), start=1):
        if part.is_multipart() or part.get_content_maintype() == "message":
            continue
        assert isinstance(part, EmailMessage)
        picture = part.get_content_maintype() == "image"
        if not (_is_attached(part) or picture):
            continue
        data = part.get_payload(decode=True)
        if not isinstance(data, bytes) or not data:
            continue
        if picture and _header(part, "Content-ID") and len(data) < LOGO_BYTES:
            continue
        found.append((_file_name(part, number), data))
    return found


def _file_name(part: EmailMessage, number: int) -> str:
    try:
        name = part.get_filename()
    except Exception:
        name = None
    return (
        name and _plain(name)
    ) or f"piece-{number}.{part.get_content_subtype().replace('jpeg', 'jpg')}"
