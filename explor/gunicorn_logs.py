"""gunicorn's two logs, as private as ours."""

from typing import Any

from gunicorn.glogging import Logger  # type: ignore[import-untyped]

from explor.logs import PrivateFormatter, hide, told_path


class PrivateLogger(Logger):  # type: ignore[misc]
    """Whatever the chosen format, nothing that came with the request is written raw."""

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        for handler in self.error_log.handlers:
            handler.setFormatter(PrivateFormatter(self.error_fmt, self.datefmt))

    def exception(self, msg: Any, *args: Any, **kwargs: Any) -> None:
        super().exception(msg, *(_told(arg) for arg in args), **kwargs)

    def atoms(self, resp: Any, req: Any, environ: dict[str, Any], request_time: Any) -> Any:
        atoms = super().atoms(resp, req, environ, request_time)
        path = told_path(environ.get("PATH_INFO") or "/")
        method, protocol = environ["REQUEST_METHOD"], environ["SERVER_PROTOCOL"]
        kept = {name: hide(str(value)) for name, value in atoms.items() if len(name) == 1}
        return kept | {"U": path, "q": "", "f": "-", "u": "-", "r": f"{method} {path} {protocol}"}


def _told(arg: Any) -> Any:
    """gunicorn gives the raw address of a request that failed outside Django."""
    if isinstance(arg, str) and arg.startswith("/"):
        return told_path(arg.partition("?")[0])
    return arg
