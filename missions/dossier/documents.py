"""« Fiche mission » on paper: made when asked, kept by its content."""

import hashlib
from dataclasses import dataclass

from django.core.cache import cache
from redis.exceptions import RedisError

from explor import clock
from explor.documents.pdf import print_html, render_html
from explor.ui.map import map_data_uri
from missions.dossier.sheets import Sheet

KEPT_FOR = 30 * 24 * 3600


@dataclass(frozen=True)
class PaperSheet:
    """The finished page of a sheet; the same content has the same `etag`."""

    html: str
    etag: str

    def pdf(self) -> bytes:
        """Laid out once for each content; without the cache it is only slower."""
        key = f"mission-sheet:{self.etag}"
        try:
            if (kept := cache.get(key)) is not None:
                return bytes(kept)
        except RedisError:
            return print_html(self.html)
        made = print_html(self.html)
        try:
            cache.set(key, made, KEPT_FOR)
        except RedisError:
            return made
        return made


def paper_sheet(sheet: Sheet) -> PaperSheet:
    """The sheet dated by its approval, so that it changes only when its content does."""
    approved = sheet.main.sheet_approved_at
    html = render_html(
        "pdf/mission_sheet.html",
        {
            "sheet": sheet,
            "map": map_data_uri(sheet.points, region="africa") if sheet.points else "",
            "issued_on": clock.local_day(approved) if approved else clock.today(),
            "approved": approved is not None,
        },
        title=f"{sheet.heading} : {sheet.title}",
    )
    return PaperSheet(html, hashlib.sha256(html.encode()).hexdigest())
