"""Templates: an undefined name, a missing template, broken syntax are one clear error each."""

import jinja2
import pytest

from derive.errors import TemplateError
from derive.templating import environment, fill, template_directory


def with_templates(**texts):
    env = environment()
    env.loader = jinja2.DictLoader(texts)
    return env


def test_the_templates_are_found():
    assert (template_directory() / "numpy" / "module.py.jinja").is_file()


def test_an_undefined_name_says_which_where_and_what_there_is():
    env = with_templates(page="first\n{{ title }}\n{{ tilte }}\n")
    with pytest.raises(TemplateError) as raised:
        fill("page", {"title": "x", "body": "y"}, env=env)
    assert "the template page" in str(raised.value)
    assert "'tilte' is undefined" in str(raised.value)
    assert "names it may use: body, title" in str(raised.value)


def test_a_missing_template():
    with pytest.raises(TemplateError, match=r"there is no template 'numpy/none\.jinja'"):
        fill("numpy/none.jinja", {})


def test_broken_syntax_names_the_line():
    with pytest.raises(TemplateError, match="the template page, line 2, cannot be read"):
        fill("page", {}, env=with_templates(page="one\n{% if %}\n"))


def test_nothing_is_escaped_and_the_last_newline_stays():
    assert fill("page", {"x": "a < b & c"}, env=with_templates(page="{{ x }}\n")) == "a < b & c\n"


def test_the_delimiters_of_latex():
    env = environment(latex=True)
    env.loader = jinja2.DictLoader({"page": "<% if x %>\\frac{<< x >>}{2} % comment\n<% endif %>"})
    assert fill("page", {"x": "1"}, env=env) == "\\frac{1}{2} % comment\n"
