"""Write the reference of the command line from the parser itself."""

from __future__ import annotations

import argparse
import os
import textwrap
from typing import TYPE_CHECKING, Any

from docutils import nodes
from docutils.parsers.rst import Directive

from wmspatial.cli import _parser

if TYPE_CHECKING:
    from collections.abc import Iterator

WIDTH = "88"
# argparse has no public way to ask what a parser takes.
Subcommands = argparse._SubParsersAction  # noqa: SLF001
Help = argparse._HelpAction  # noqa: SLF001


def commands(
    parser: argparse.ArgumentParser,
) -> Iterator[tuple[str, str, argparse.ArgumentParser]]:
    """Yield every command with its sentence, the outermost first."""
    for action in parser._actions:  # noqa: SLF001
        if isinstance(action, Subcommands):
            listed = action._choices_actions  # noqa: SLF001
            helps = {choice.dest: choice.help or "" for choice in listed}
            for name, one in action.choices.items():
                yield one.prog, helps.get(name, ""), one
                yield from commands(one)


def options(parser: argparse.ArgumentParser) -> Iterator[tuple[str, str]]:
    """Yield what a command takes, with the sentence on it."""
    for action in parser._actions:  # noqa: SLF001
        if isinstance(action, Subcommands | Help):
            continue
        value = action.metavar or (
            "{" + ",".join(map(str, action.choices)) + "}"
            if action.choices
            else action.dest.upper()
        )
        names = ", ".join(action.option_strings) or str(value)
        takes = "" if action.nargs == 0 or not action.option_strings else f" {value}"
        said = (action.help or "").replace("%%", "%")
        usual = action.default
        if usual not in (None, False, argparse.SUPPRESS, []) and action.option_strings:
            said += f"{'; ' if said else ''}by default {usual}"
        yield names + takes, said or "see above"


class CommandLine(Directive):
    """Every command of ``wmspatial``: its use, what it does, and its options."""

    def run(self) -> list[nodes.Node]:
        """Return a section a command."""
        os.environ["COLUMNS"] = WIDTH
        return [self.section(*each) for each in commands(_parser())]

    def section(self, name: str, sentence: str, parser: argparse.ArgumentParser) -> nodes.Node:
        """Return the section of one command."""
        part = nodes.section(ids=[nodes.make_id(name)], names=[name.lower()])
        part += nodes.title(name, name)
        part += nodes.paragraph("", _sentence(parser.description or sentence))
        usage = textwrap.dedent(parser.format_usage().replace("usage:", " " * 6)).strip()
        part += nodes.literal_block(usage, usage, language="text")
        rows = nodes.definition_list()
        for option, said in options(parser):
            item = nodes.definition_list_item()
            item += nodes.term("", "", nodes.literal(option, option))
            item += nodes.definition("", nodes.paragraph("", _sentence(said)))
            rows += item
        if len(rows):
            part += rows
        return part


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:] + ("" if text.endswith(".") else ".")


def setup(app: Any) -> dict[str, bool]:
    """Make the directive known."""
    app.add_directive("command-line", CommandLine)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
