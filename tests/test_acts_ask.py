"""Whoever writes asks the right first, or is a step that only such an act calls.

Read from the code: a function that writes rows either asks (`require`, `has_perm`, a lock that
asks), is marked `@step`, or is named below with the reason why it has nobody to ask.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from django.conf import settings

APPS = ("explor", "missions", "capitalisation")
#: The demonstration, the commands and the ground they lay: an operator's, who holds the machine.
OPERATOR = {"demo", "migrations", "management", "embedded", "setup"}
#: Where a request or a message arrives: no step is called from there.
EDGES = {"views", "forms", "urls", "tasks", "admin", "public", "middleware"}
ROWS = {
    "save", "create", "update", "delete", "bulk_create", "bulk_update", "get_or_create",
    "update_or_create",
}  # fmt: skip
MANAGERS = re.compile(r"objects|_default_manager|_rows$|^rows$|\.filter\(|\.all\(\)|\w+s$")
ASKS = {"require", "has_perm", "PermissionDenied", "is_visible_to"}

#: function → why nobody is asked
NOBODY = {
    # what every act uses to tell and to keep
    "explor.journal.actions.record": "the journal itself",
    "explor.notifications.actions.announce": "tells of an act",
    "explor.notifications.actions.announce_to_address": "tells of an act",
    "explor.notifications.actions.queue_mail": "tells of an act",
    "explor.documents.actions.keep_bytes": "keeps what an act made",
    "explor.documents.actions.store_file": "keeps what an act received",
    "explor.accounts.sending.claim": "notes who sends a form",
    # a person's own rows, found by who they are
    "explor.notifications.actions.choose_mails": "the actor's own choices",
    "explor.notifications.actions.open_calendar": "the actor's own address",
    "explor.notifications.actions.close_calendar": "the actor's own address",
    "explor.notifications.actions.read_notice": "the actor's own notices",
    "explor.notifications.actions.read_all_notices": "the actor's own notices",
    "explor.notifications.agenda.feed_of": "what the person's own calendar was told",
    "missions.threads.actions.mark_seen": "what the actor has seen",
    "missions.actors.registration.ask_to_join": "anyone signed in may ask",
    # who holds a signed address, or the mailbox it was sent to
    "missions.actors.members.accept": "the address of the invitation must be the actor's",
    "missions.request.confirming.answer_confirmation": "by the signed link alone",
    # the worker's, given the number of a row that an act wrote
    "explor.documents.actions.hand_over_jobs": "worker",
    "explor.documents.jobs.claim": "worker",
    "explor.documents.jobs.finish": "worker",
    "explor.notifications.delivery.deliver": "worker",
    "explor.notifications.delivery.put_back": "worker",
    "explor.notifications.digest.write_digest": "worker",
    "missions.request.submitting.keep_receipt_file": "worker",
    "missions.review.sheet_actions.print_sheet": "worker",
    "capitalisation.publications.documents.make_booklet": "worker: asked with the job",
    # no row is written
    "explor.charts.render.render_svg": "a drawing",
    "missions.request.form_fields.fields_of": "fields of a form",
}


@dataclass
class Function:
    name: str
    module: str
    node: ast.FunctionDef
    calls: set[str] = field(default_factory=set)
    writes: bool = False
    asks: bool = False

    @property
    def is_step(self) -> bool:
        return any(getattr(one, "id", "") == "step" for one in self.node.decorator_list)

    @property
    def is_public(self) -> bool:
        return not self.name.rsplit(".", 1)[-1].startswith("_")


def modules() -> Iterator[tuple[str, ast.Module]]:
    root = Path(settings.BASE_DIR)
    for app in APPS:
        for path in sorted((root / app).rglob("*.py")):
            parts = path.relative_to(root).with_suffix("").parts
            if not OPERATOR & set(parts):
                yield ".".join(parts), ast.parse(path.read_text(encoding="utf-8"))


@cache
def functions() -> dict[str, Function]:
    found: dict[str, Function] = {}
    for module, tree in modules():
        known = _imports(tree)
        own = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
        for node in tree.body:
            if isinstance(node, ast.FunctionDef):
                one = Function(f"{module}.{node.name}", module, node)
                _read(one, known | {name: f"{module}.{name}" for name in own})
                found[one.name] = one
    return found


def _imports(tree: ast.Module) -> dict[str, str]:
    return {
        alias.asname or alias.name: f"{node.module}.{alias.name}"
        for node in tree.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }


def _read(one: Function, known: dict[str, str]) -> None:
    for node in ast.walk(one.node):
        if isinstance(node, ast.Name) and node.id in ASKS:
            one.asks = True
        if isinstance(node, ast.Attribute) and node.attr in ASKS:
            one.asks = True
        if isinstance(node, ast.Name) and node.id in known:
            one.calls.add(known[node.id])
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            one.calls.add(f"{known.get(node.value.id, '')}.{node.attr}")
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            one.writes |= _is_write(node.func)


def _is_write(func: ast.Attribute) -> bool:
    """`row.save(…)`, `Model.objects.create(…)`, `rows.update(…)`; a set or a hash is no row."""
    if func.attr not in ROWS:
        return False
    if func.attr == "save" or func.attr.startswith(("bulk", "get_or", "update_or")):
        return True
    return bool(MANAGERS.search(ast.unparse(func.value)))


def reached(name: str, through: str) -> bool:
    """Whether `name`, or a function it calls, does `through` (« asks » or « writes »)."""
    seen: set[str] = set()
    ahead = [name]
    while ahead:
        here = ahead.pop()
        one = functions().get(here)
        if one is None or here in seen:
            continue
        seen.add(here)
        if getattr(one, through):
            return True
        private = {call for call in one.calls if call.rsplit(".", 1)[-1].startswith("_")}
        ahead += one.calls if through == "asks" else private
    return False


def writers() -> list[Function]:
    return [one for one in functions().values() if one.is_public and reached(one.name, "writes")]


def test_whoever_writes_asks_or_is_a_step() -> None:
    silent = [
        one.name
        for one in writers()
        if not one.is_step and one.name not in NOBODY and not reached(one.name, "asks")
    ]
    assert sorted(silent) == []


def test_a_step_is_called_by_those_who_asked() -> None:
    steps = {one.name for one in functions().values() if one.is_step}
    assert len(steps) > 30
    wrong = []
    for one in functions().values():
        if not (called := one.calls & steps):
            continue
        asked = one.is_step or one.name in NOBODY or reached(one.name, "asks")
        edge = one.module.rsplit(".", 1)[-1]
        if edge in EDGES or edge.endswith("_views") or (one.is_public and not asked):
            wrong.append((one.name, sorted(called)))
    assert wrong == []


def test_who_is_asked_by_nobody_is_still_there() -> None:
    assert set(NOBODY) <= set(functions())
    assert [name for name in NOBODY if functions()[name].is_step] == []
