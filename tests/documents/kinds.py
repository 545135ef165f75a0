"""Kinds of export that tests ask for; the last one waits for a sign, for a worker to kill."""

import time
from pathlib import Path

from explor.documents.exports import Produced, Progress, register
from explor.documents.models import ExportJob
from explor.ui.errors import Refusal


def _file(job: ExportJob) -> Produced:
    return Produced(name="essai.txt", content=b"fait", content_type="text/plain; charset=utf-8")


@register("test.quick", label="Essai rapide")
def quick(job: ExportJob, progress: Progress) -> Produced:
    progress(40, "Lecture")
    return _file(job)


@register("test.guarded", label="Essai gardé", permission="test.nobody", target=lambda params: None)
def guarded(job: ExportJob, progress: Progress) -> Produced:
    return _file(job)


@register("test.broken", label="Essai cassé")
def broken(job: ExportJob, progress: Progress) -> Produced:
    raise RuntimeError("détail technique")


@register("test.refused", label="Essai refusé")
def refused(job: ExportJob, progress: Progress) -> Produced:
    raise Refusal("Il manque : la date de départ.")


@register("test.patient", label="Essai patient")
def patient(job: ExportJob, progress: Progress) -> Produced:
    """Notes each start in `folder`, then waits there for a file named `go`."""
    folder = Path(job.param("folder"))
    with (folder / "starts").open("a") as starts:
        starts.write("start\n")
    for _ in range(600):
        progress(50, "Attente du signal")
        if (folder / "go").exists():
            return _file(job)
        time.sleep(0.05)
    raise TimeoutError
