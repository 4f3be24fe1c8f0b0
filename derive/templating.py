"""Templates: where they are, and an environment in which an undefined name is an error."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import jinja2

from derive.errors import TemplateError

_PACKAGED = Path(__file__).resolve().parent / "templates"
_CHECKOUT = Path(__file__).resolve().parents[1] / "templates"

# Braces and percent signs are TeX's own.
_LATEX = {
    "block_start_string": "<%",
    "block_end_string": "%>",
    "variable_start_string": "<<",
    "variable_end_string": ">>",
    "comment_start_string": "<#",
    "comment_end_string": "#>",
}


def template_directory() -> Path:
    """The templates inside the installed package, or those at the top of a checkout."""
    for place in (_PACKAGED, _CHECKOUT):
        if place.is_dir():
            return place
    raise TemplateError(
        f"there is no directory of templates: looked in {_PACKAGED} and {_CHECKOUT}",
        hint="install the wheel again, or run inside a complete checkout",
    )


def environment(latex: bool = False) -> jinja2.Environment:
    """An environment with StrictUndefined; ``latex`` chooses ``<% %> << >>`` as delimiters."""
    delimiters: dict[str, Any] = _LATEX if latex else {}
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(template_directory(), encoding="utf-8"),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,
        **delimiters,
    )


@cache
def _plain() -> jinja2.Environment:
    return environment()


def fill(template: str, values: dict[str, Any], *, env: jinja2.Environment | None = None) -> str:
    """The text of a template with these values. Raises TemplateError, naming file and line."""
    try:
        return (env or _plain()).get_template(template).render(**values)
    except jinja2.TemplateNotFound as error:
        raise TemplateError(
            f"there is no template {error.name!r} in {template_directory()}",
            hint="templates are named after what they produce, for instance numpy/module.py.jinja",
        ) from error
    except jinja2.UndefinedError as error:
        raise TemplateError(
            f"the template {template} {_line(error, template)}uses a name that nothing provides: "
            f"{error.message}",
            hint=f"names it may use: {', '.join(sorted(values)) or 'none'}",
        ) from error
    except jinja2.TemplateSyntaxError as error:
        raise TemplateError(
            f"the template {error.name or template}, line {error.lineno}, cannot be read: "
            f"{error.message}"
        ) from error


def _line(error: Exception, template: str) -> str:
    """The line of the template that raised, from the traceback that Jinja rewrites."""
    trace = error.__traceback__
    line = ""
    while trace is not None:
        if trace.tb_frame.f_code.co_filename.endswith(template):
            line = f"(line {trace.tb_lineno}) "
        trace = trace.tb_next
    return line
