"""`python -m explor.embedded run` (behind bin/run) and `… lend COMMAND` (behind bin/test)."""

import os
import sys
from pathlib import Path

from explor.embedded import lend, site
from explor.embedded.program import StartupError
from explor.embedded.supervisor import Interrupted

ROOT = Path(__file__).resolve().parent.parent.parent


def main(arguments: list[str]) -> int:
    try:
        match arguments:
            case ["run"]:
                var = Path(os.environ.get("EXPLOR_VAR") or ROOT / "var")
                site.run(ROOT, var)
                return 0
            case ["lend", *command] if command:
                return lend.run(command)
    except StartupError as reason:
        sys.stderr.write(f"\n{reason}\n")
        return 1
    except Interrupted:
        return 130
    sys.stderr.write(f"{__doc__}\n")
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
