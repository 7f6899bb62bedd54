#!/usr/bin/env python3
"""Writes the manual pages: popl-sync(1), one page a command, and popl-sync.yaml(5).

    packaging/manual.py PROGRAM FOLDER

Commands, options and examples are what the program says of itself, exit codes the table of README.md, and the
configuration docs/configuration.md: nothing is said twice. The language is mdoc(7).
"""

import datetime
import json
import os
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent

ENVIRONMENT = [
    ("NO_COLOR", "Where it is set and not empty, nothing is coloured."),
    ("POPL_SCIM_TOKEN", "The token of a SCIM service elsewhere, where neither option nor configuration names a file or "
                        "another variable."),
    ("SUDO_USER", "Who is written down as having started a run, before the account itself."),
    ("TERM", "With dumb, nothing is coloured."),
]
FILES = [
    ("./popl-sync.yaml", "The configuration, where no --config names another."),
    ("/etc/popl-sync/popl-sync.yaml", "The same, where there is none in the current folder."),
    ("/var/lib/popl-sync", "Where the packaged units keep the roster database, and its locks beside it."),
    ("/var/spool/popl-sync", "Where the packaged units expect the exports."),
    ("/usr/share/doc/popl-sync", "The documents that these pages call docs/…, and examples of exports."),
]


def text(words):
    """One line of running text: nothing in it is taken for a request of roff, and Markdown's marks are gone."""
    words = words.replace("\\", "\\e")
    words = re.sub(r"\[([^]]+)\]\([^)]+\)", r"\1", words)
    words = re.sub(r"`([^`]+)`", r"\\fB\1\\fP", words)
    words = re.sub(r"\*\*([^*]+)\*\*", r"\\fB\1\\fP", words)
    words = re.sub(r"--", r"\\-\\-", words)
    return "\\&" + words if words[:1] in (".", "'") else words


def paragraph(words):
    """A sentence a line, as mdoc wants it."""
    return [text(line) for line in re.split(r"(?<=[.?!]) (?=[A-Z0-9`/*]|popl)", words)]


def literal(lines):
    return [".Bd -literal -offset indent"] + [
        re.sub(r"^(?=[.'])", r"\\&", line.replace("\\", "\\e").replace("-", "\\-")) for line in lines] + [".Ed"]


def definitions(pairs, width):
    """A list of terms, each with its paragraphs."""
    lines = [f".Bl -tag -width {width}"]
    for term, words in pairs:
        lines += [f".It {term}"] + paragraph(words)
    return lines + [".El"]


def discussion(words):
    """What a command says of itself, as (heading, lines): the running text under None, then EXAMPLES and the like."""
    parts, heading = {None: []}, None
    for block in re.split(r"\n\s*\n", words.strip()):
        lines = block.split("\n")
        if re.fullmatch(r"[A-Z ]+", lines[0]):
            heading = lines.pop(0)
        body = parts.setdefault(heading, [])
        if lines and lines[0].startswith(" "):
            body += literal([line.removeprefix("  ") for line in lines])
        elif lines:
            body += ([".Pp"] if body else []) + paragraph(" ".join(lines))
    return parts


def names(argument):
    return [f"Fl {'-' if name['kind'] == 'long' else ''}{name['name']}" for name in argument["names"]]


def value(argument):
    return f"Ar {argument.get('valueName', 'value')}"


def shown(command):
    return [a for a in command.get("arguments", []) if a["shouldDisplay"]]


def synopsis(path, command):
    """The options are listed below; here stands what has to be said."""
    line = [f".Nm {path}"]
    if [s for s in command.get("subcommands", []) if s["commandName"] != "help"]:
        return line + [".Ar command", ".Op Ar option ..."]
    options = [a for a in shown(command) if a["kind"] != "positional"]
    line += [f".{names(a)[-1]} {value(a)}" for a in options if not a["isOptional"]]
    for argument in shown(command):
        if argument["kind"] == "positional":
            words = value(argument) + (" ..." if argument["isRepeating"] else "")
            line += [f".Op {words}" if argument["isOptional"] else f".{words}"]
    return line + [".Op Ar option ..."]


def options(command):
    """Every argument and option, under the titles that --help gives them."""
    lines, sections = [], {}
    for argument in shown(command):
        sections.setdefault(argument.get("sectionTitle") or "", []).append(argument)
    for title, arguments in sorted(sections.items(), key=lambda section: section[0] != ""):
        pairs = []
        for argument in arguments:
            term = value(argument) if argument["kind"] == "positional" else " , ".join(names(argument))
            if argument["kind"] == "option":
                term += " " + value(argument)
            words = argument.get("abstract", "").rstrip()
            unsaid = [v for v in argument.get("allValues", []) if not re.search(rf"\b{v}\b", words)]
            if unsaid:
                words += f" One of {', '.join(argument['allValues'])}."
            if argument.get("defaultValue") and "default" not in words and argument["kind"] == "option":
                words += f" Default: {argument['defaultValue']}."
            pairs.append((term, words.strip()))
        lines += ([".Pp", f"{text(title)}:"] if title else []) + definitions(pairs, "Ds")
    return lines


def page(name, section, abstract, body, version, see):
    date = datetime.datetime.fromtimestamp(int(os.environ["SOURCE_DATE_EPOCH"]), datetime.timezone.utc)
    return "\n".join([
        f".Dd {date:%B} {date.day}, {date.year}", f".Dt {name.upper()} {section}", f".Os popl-sync {version}",
        ".Sh NAME", f".Nm {name}", f".Nd {text(abstract.rstrip('.'))}", *body, ".Sh SEE ALSO",
        *[f".Xr {other} {where}" + (" ," if i + 1 < len(see) else "") for i, (other, where) in enumerate(see)],
    ]) + "\n"


def exit_status():
    table = (ROOT / "README.md").read_text().split("## Exit codes")[1]
    rows = re.findall(r"^\| (\d+) \| (.+) \|$", table, re.M)
    return [".Sh EXIT STATUS"] + definitions([(code, meaning + ".") for code, meaning in rows], "Ds")


def command_page(command, others, version):
    """popl-sync(1) itself, or one of its commands with the commands below it."""
    path = " ".join(command.get("superCommands", []) + [command["commandName"]])
    said = discussion(command.get("discussion", ""))
    body = [".Sh SYNOPSIS", *synopsis(path, command), ".Sh DESCRIPTION", *paragraph(command["abstract"])]
    body += ([".Pp"] if said[None] else []) + said.pop(None)
    below = [s for s in command.get("subcommands", []) if s["commandName"] != "help"]
    if not below:
        body += [".Pp", "The options are:"] + options(command)
    elif path == "popl-sync":
        body += [".Pp", "The commands are:"] + definitions(
            [(f"Xr popl-sync-{s['commandName']} 1", s["abstract"]) for s in below], "Ds")
    for sub in below if path != "popl-sync" else []:
        parts = discussion(sub.get("discussion", ""))
        body += [f".Ss {path} {sub['commandName']}", *paragraph(sub["abstract"])]
        body += ([".Pp"] if parts[None] else []) + parts.pop(None) + options(sub)
        for heading, lines in parts.items():
            body += [".Pp", f"{heading.capitalize()}:", *lines]
    body += [".Sh ENVIRONMENT"] + definitions([(f"Ev {name}", words) for name, words in ENVIRONMENT], "POPL_SCIM_TOKEN")
    body += [".Sh FILES"] + definitions([(f"Pa {name}", words) for name, words in FILES], "Ds")
    body += exit_status()
    for heading, lines in said.items():
        body += [f".Sh {heading}", *lines] if heading != "EXIT CODES" else []
    name = path.replace(" ", "-")
    return name, page(name, 1, command["abstract"], body, version, [o for o in others if o[0] != name])


def configuration_page(others, version):
    """docs/configuration.md, which keeps to headings, paragraphs, tables, indented blocks and lists."""
    markdown = (ROOT / "docs/configuration.md").read_text().split("\n", 1)[1]
    body = [".Sh DESCRIPTION"]
    for block in re.split(r"\n{2,}", markdown.strip("\n")):
        lines = block.split("\n")
        if lines[0].startswith("#"):
            heading = lines[0].lstrip("#").strip()
            body.append(f".Sh {text(heading).upper()}" if lines[0].startswith("## ") else f".Ss {text(heading)}")
            continue
        isDisplayed = lines[0].startswith(("|", "    ", "```", "- "))
        if not isDisplayed and not body[-1].startswith((".Sh", ".Ss")):
            body.append(".Pp")
        if lines[0].startswith("|"):
            rows = [[cell.strip().replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
                    for line in lines if not re.match(r"\|[ -]+\|[-| ]*$", line)]
            head, *rows = rows
            pairs = [(f"Cm {row[0].strip('`')}", row[1] + "".join(
                f". {title.capitalize()}: {cell}" for title, cell in zip(head[2:], row[2:]) if cell != "–") + ".")
                for row in rows]
            body += definitions(pairs, "Ds")
        elif lines[0].startswith("    "):
            body += literal([line.removeprefix("    ") for line in lines])
        elif lines[0].startswith("```"):
            body += literal(lines[1:-1])
        elif lines[0].startswith("- "):
            items = [" ".join(item.split()) for item in re.split(r"(?:^|\n)- ", block)[1:]]
            body += [".Bl -bullet"] + [line for item in items for line in [".It", *paragraph(item)]] + [".El"]
        else:
            body += paragraph(" ".join(lines))
    return page("popl-sync.yaml", 5, "configuration of popl-sync", body, version,
                [o for o in others if o[0] != "popl-sync.yaml"])


def main(program, folder):
    asked = lambda option: subprocess.run([program, option], check=True, capture_output=True, text=True).stdout
    version, root = asked("--version").strip(), json.loads(asked("--experimental-dump-help"))["command"]
    os.environ.setdefault("SOURCE_DATE_EPOCH", str(int((ROOT / "CHANGELOG.md").stat().st_mtime)))
    commands = [s for s in root["subcommands"] if s["commandName"] != "help"]
    others = [("popl-sync", 1)] + sorted((f"popl-sync-{s['commandName']}", 1) for s in commands)
    others.append(("popl-sync.yaml", 5))
    for command in [root, *commands]:
        name, page_text = command_page(command, others, version)
        (pathlib.Path(folder) / f"{name}.1").write_text(page_text)
    (pathlib.Path(folder) / "popl-sync.yaml.5").write_text(configuration_page(others, version))


if __name__ == "__main__":
    main(*sys.argv[1:])
