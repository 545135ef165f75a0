from pathlib import PurePosixPath
from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import filesizeformat

from explor.documents.actions import read_upload
from explor.documents.sniffing import ACCEPTED, ACCEPTED_WORDS, WHAT_TO_DO, clean_name, sniff


class SafeFileField(forms.FileField):
    """A file accepted by its size and its real content, with the reason when it is not.

    `extensions` narrows what is accepted, e.g. `(".pdf",)`.
    """

    def __init__(self, *, extensions: tuple[str, ...] = (), **options: Any) -> None:
        self.extensions = extensions or tuple(ACCEPTED)
        words = ", ".join(extensions) if extensions else ACCEPTED_WORDS
        limit = filesizeformat(settings.MAX_UPLOAD_BYTES)
        options.setdefault("help_text", f"{words} ; {limit} au plus.")
        super().__init__(**options)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {**super().widget_attrs(widget), "accept": ",".join(self.extensions)}

    def clean(self, data: Any, initial: Any = None) -> Any:
        """Raises Refusal."""
        upload = super().clean(data, initial)
        if isinstance(upload, UploadedFile) and data:
            name = clean_name(upload.name or "")
            suffix = PurePosixPath(name).suffix.lower()
            if suffix not in self.extensions and suffix not in WHAT_TO_DO:
                words = ", ".join(self.extensions)
                raise forms.ValidationError(f"Choisissez un fichier de type {words}.")
            sniff(read_upload(upload), name)
            upload.seek(0)
        return upload
