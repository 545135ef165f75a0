"""The whole measure, in small: it runs and prints a line for each promise."""

import subprocess
import sys

import pytest

from bench.pages import PAGES
from bench.servers import ROOT


@pytest.mark.slow
def test_bench_runs_and_prints_every_line() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bench", "--quick"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    for page in PAGES:
        assert f"| {page.label}" in done.stdout
    for work in (
        "Ouvrir un texte",
        "Ajouter un passage",
        "Fiche mission en PDF",
        "Livret en PDF",
        "Fiche publique, première",
    ):
        assert f"| {work}" in done.stdout
