"""What people read is never what the code decides by: kinds, states and columns are."""

import ast
import re
from pathlib import Path

from django.conf import settings

LOOKS = {
    "startswith",
    "endswith",
    "partition",
    "rpartition",
    "split",
    "rsplit",
    "removeprefix",
    "removesuffix",
    "index",
    "find",
    "count",
}
#: Words of the screen: an accent, French marks, or letters on both sides of a space.
WORDS = re.compile(r"[éèêàâçùûîôÉÀ’«»·]|[A-Za-z] [A-Za-z]|^[\s\xa0]?[:·]\s|^ [a-z]{3}")
IN_TEMPLATE = re.compile(r"{%\s*(?:el)?if [^%]*\"([^\"%]+)\"[^%]*%}")
ROOT = Path(settings.BASE_DIR)


def compared(node: ast.AST) -> list[str]:
    """The literal texts that `node` looks for in another text."""
    found: list[ast.expr] = []
    if isinstance(node, ast.Compare):
        for operator, right in zip(node.ops, node.comparators, strict=True):
            found.append(node.left)
            if isinstance(operator, ast.Eq | ast.NotEq):
                found.append(right)
            if isinstance(right, ast.Set | ast.Tuple | ast.List):
                found += right.elts
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        found += node.args[:1] if node.func.attr in LOOKS else []
    return [
        one.value for one in found if isinstance(one, ast.Constant) and isinstance(one.value, str)
    ]


def test_no_rule_reads_the_words_of_the_screen() -> None:
    found = []
    for app in ("explor", "missions", "capitalisation"):
        for path in sorted((ROOT / app).rglob("*.py")):
            if {"demo", "migrations", "embedded"} & set(path.parts):
                continue
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                found += [
                    f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 0)} {text!r}"
                    for text in compared(node)
                    if WORDS.search(text)
                ]
    assert found == []


def test_no_template_chooses_by_words() -> None:
    found = [
        f"{path.relative_to(ROOT)} {text!r}"
        for path in sorted((ROOT / "templates").rglob("*.html"))
        for text in IN_TEMPLATE.findall(path.read_text(encoding="utf-8"))
        if WORDS.search(text) or re.match(r"[A-ZÉ][a-zé]{2}", text)
    ]
    assert found == []
