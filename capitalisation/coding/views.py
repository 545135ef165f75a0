from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from capitalisation.coding.actions import (
    StaleText,
    code_passage,
    drop_passage,
    keep_passage,
    remove_coding,
    save_code,
)
from capitalisation.coding.forms import CodeForm, PassageForm
from capitalisation.coding.models import Code, Codebook, Coding, Excerpt
from capitalisation.coding.page import ShownBlock, shown_block, shown_text
from capitalisation.coding.queries import code_tree, codes_of
from capitalisation.corpus.models import Text, TextVersion, VersionKind
from capitalisation.corpus.page import capitalisation_tabs
from capitalisation.corpus.queries import latest_version, programme_for, reading_version, texts_for
from explor.accounts.http import PersonRequest
from explor.intake.numbers import whole
from explor.ui.attempts import attempt
from explor.ui.errors import Refusal
from missions.dossier.models import Programme


def _text(request: PersonRequest, uuid: str) -> Text:
    rows = texts_for(request.user).select_related("programme", "mission__project__holder")
    return get_object_or_404(rows.defer("mission__search"), uuid=uuid)


@require_GET
def text(request: PersonRequest, uuid: str) -> HttpResponse:
    """Read a text and code it. `?lecture=original` shows the wording before pseudonyms."""
    return _page(request, _text(request, uuid))


def _page(
    request: PersonRequest, text: Text, form: PassageForm | None = None, status: int = 200
) -> HttpResponse:
    original = request.GET.get("lecture") == "original"
    version = (latest_version(text, VersionKind.ORIGINAL) if original else None) or reading_version(
        text
    )
    context = {
        "text": text,
        "version": version,
        "original": original,
        "shown": shown_text(version, request.user),
        "tree": code_tree(text.programme, counted=False),
        "form": form,
        "typed": form.typed_in(version) if form else None,
        "latest": Coding.objects.order_by("-pk").values_list("pk", flat=True).first() or 0,
    }
    return render(request, "capitalisation/coding/text.html", context, status=status)


@require_POST
def text_code(request: PersonRequest, uuid: str) -> HttpResponse:
    """Code a passage. htmx gets the block alone; a stale page gets 409 and the fresh block."""
    text = _text(request, uuid)
    form = PassageForm(request.POST, text=text)
    if not form.is_valid():
        return _refused(request, text, form, 422)
    data = form.cleaned_data
    try:
        coding = code_passage(
            data["version"],
            **{name: data[name] for name in ("start", "end", "quote", "sha256", "code", "memo")},
            actor=request.user,
        )
    except Refusal as refusal:
        form.add_error(None, refusal)
        return _refused(request, text, form, 409 if isinstance(refusal, StaleText) else 422)
    if request.htmx:
        said = f"Passage codé « {coding.code.label} »."
        return _blocks(request, text, data["version"], data["start"], data["end"], said=said)
    messages.success(request, f"Passage codé « {coding.code.label} ».")
    return redirect("text", uuid=text.uuid)


def _refused(request: PersonRequest, text: Text, form: PassageForm, status: int) -> HttpResponse:
    if request.htmx:
        said = " ".join(str(line) for lines in form.errors.values() for line in lines)
        version = reading_version(text)
        start = form.data.get("start", "")
        at = whole(start, high=2**31 - 2) or 0
        return _blocks(request, text, version, at, at + 1, said=said, status=status)
    return _page(request, text, form, status)


def _blocks(
    request: PersonRequest,
    text: Text,
    version: TextVersion,
    start: int,
    end: int,
    *,
    said: str,
    status: int = 200,
    latest: int = 0,
) -> HttpResponse:
    """The blocks that `[start:end]` touches, for htmx to swap, and the sentence to say."""
    touched = version.blocks.filter(start__lt=end, end__gt=start).values_list("position", flat=True)
    shown: list[ShownBlock] = []
    for position in touched[:20]:
        shown += shown_block(version, request.user, position)
    context = {
        "text": text,
        "version": version,
        "blocks": shown,
        "original": False,
        "typed": None,
        "said": said,
        "refused": status != 200,
        "latest": latest,
    }
    return render(request, "capitalisation/coding/_blocks.html", context, status=status)


@require_POST
def coding_remove(request: PersonRequest, uuid: str) -> HttpResponse:
    """Take back one's own coding."""
    text = _text(request, uuid)
    rows = Coding.objects.select_related("excerpt__version", "code", "coder")
    coding = get_object_or_404(
        rows.filter(excerpt__version__text=text, coder=request.user),
        pk=whole(request.POST.get("coding")),
    )
    version, start, end = coding.excerpt.version, coding.excerpt.start, coding.excerpt.end
    remove_coding(coding, actor=request.user)
    said = f"Code « {coding.code.label} » retiré."
    if request.htmx and version.current:
        return _blocks(request, text, version, start, end, said=said)
    messages.success(request, said)
    return redirect("text", uuid=text.uuid)


@require_POST
def passage_review(request: PersonRequest, uuid: str, pk: int) -> HttpResponse:
    """A passage whose words changed: `keep` its codes, or take it out."""
    text = _text(request, uuid)
    excerpt = get_object_or_404(Excerpt, version__text=text, pk=pk)
    if "keep" in request.POST:
        done = "Passage relu : ses codes restent."
        attempt(request, lambda: keep_passage(excerpt, actor=request.user), done)
    else:
        done = "Passage retiré, avec ses codes."
        attempt(request, lambda: drop_passage(excerpt, actor=request.user), done)
    return redirect("text", uuid=text.uuid)


@require_GET
def text_news(request: PersonRequest, uuid: str) -> HttpResponse:
    """What others coded since coding `?depuis=`; 204 when nothing. Asked every ten seconds."""
    text = _text(request, uuid)
    since = whole(request.GET.get("depuis")) or 0
    version = reading_version(text)
    rows = Coding.objects.filter(excerpt__version=version, pk__gt=since)
    rows = rows.exclude(coder=request.user)
    found = list(rows.select_related("excerpt").order_by("pk")[:50])
    if not found:
        return HttpResponse(status=204)
    start = min(coding.excerpt.start for coding in found)
    end = max(coding.excerpt.end for coding in found)
    said = f"{len(found)} codage(s) d’une autre personne ajouté(s)."
    return _blocks(request, text, version, start, end, said=said, latest=found[-1].pk)


def _programme(request: PersonRequest) -> Programme:
    if not request.user.has_perm("capitalisation.view_corpus"):
        raise Http404
    programme = programme_for(request.user)
    if programme is None:
        raise Http404
    return programme


@require_GET
def codebook(request: PersonRequest) -> HttpResponse:
    programme = _programme(request)
    book = Codebook.objects.filter(programme=programme).first()
    context = {
        "programme": programme,
        "codebook": book,
        "tree": code_tree(programme),
        "tabs": capitalisation_tabs(request.user, "codebook"),
    }
    return render(request, "capitalisation/coding/codebook.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def code_edit(request: PersonRequest, slug: str = "") -> HttpResponse:
    """Write a code, a new one when there is no `slug`."""
    programme = _programme(request)
    if not request.user.has_perm("capitalisation.edit_codebook", programme):
        raise PermissionDenied
    book = Codebook.objects.filter(programme=programme).first() or Codebook(programme=programme)
    code = get_object_or_404(codes_of(programme), slug=slug) if slug else None
    form = CodeForm(request.POST or None, instance=code or Code(), codebook=book)
    if request.method == "POST" and form.is_valid():
        existing = Code.objects.get(pk=code.pk) if code else None
        try:
            saved = save_code(book, form.cleaned_data, actor=request.user, code=existing)
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            messages.success(request, f"Code « {saved.label} » enregistré.")
            return redirect("codebook")
    status = 422 if form.errors else 200
    context = {"form": form, "code": code, "programme": programme}
    return render(request, "capitalisation/coding/code_edit.html", context, status=status)
