"""`python -m bench`: floors and our figures taken in the same run, on servers of its own."""

import argparse
import os
import sys

from bench.install import install_lines
from bench.measures import Looked, growth_lines, page_lines, scene, text_lines, time_pages
from bench.paper import paper_lines
from bench.servers import Servers
from bench.table import Line, markdown
from bench.weight import weight_lines
from explor.embedded.supervisor import Interrupted, interruptible


def main() -> int:
    asked = _arguments()
    servers = Servers()
    try:
        with interruptible():
            servers.start()
            for title, lines in measure(servers, asked):
                print(f"\n### {title}\n\n{markdown(lines)}", flush=True)
    except Interrupted:
        return 130
    finally:
        servers.stop()
    return 0


def measure(servers: Servers, asked: argparse.Namespace) -> "list[tuple[str, list[Line]]]":
    """The tables, each with its title."""
    environments = {size: servers.fill(size) for size in asked.missions}
    servers.work(next(iter(environments.values())))
    looked = []
    for size, environment in environments.items():
        site = servers.serve(environment)
        looked.append(Looked(size, site, scene(servers, site, "--long-text")))
    say(f"{len(looked)} sites, charge de la machine : {_load()}")
    time_pages(looked, asked.rounds, servers)
    tables = [(f"Pages, {each.missions} missions", list(page_lines(each))) for each in looked]
    if len(looked) > 1:
        first, last = looked[0], looked[-1]
        title = f"Croissance de {first.missions} à {last.missions} missions"
        tables.append((title, list(growth_lines(first, last))))
    tables.append(("Codage", list(text_lines(looked[-1], asked.rounds))))
    tables.append(("Poids", list(weight_lines(looked[0]))))
    say(f"pages mesurées, charge de la machine : {_load()}")
    paper = looked[0].site.environment
    tables.append(("PDF", list(paper_lines(servers, paper, asked.sheets))))
    say(f"PDF mesurés, charge de la machine : {_load()}")
    if asked.install:
        servers.stop()
        tables.append(("Installation", list(install_lines())))
    return tables


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _load() -> str:
    return ", ".join(f"{value:.1f}" for value in os.getloadavg()) + f" sur {os.cpu_count()} cœurs"


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--missions", type=int, nargs="+", default=[100, 10_000])
    parser.add_argument("--rounds", type=int, default=25, help="mesures de chaque page")
    parser.add_argument("--sheets", type=int, default=40, help="fiches mises en pages")
    parser.add_argument("--install", action="store_true", help="aussi une installation neuve")
    parser.add_argument("--quick", action="store_true", help="tout, une fois, en petit")
    asked = parser.parse_args()
    if asked.quick:
        asked.missions, asked.rounds, asked.sheets = [16, 20], 1, 1
    return asked


if __name__ == "__main__":
    sys.exit(main())
