"""Project files: init, check and diff them offline; push and list them in the stack."""

import argparse

from cli import project_files, project_stack
from cli.answer import Answer
from cli.stack import options

ACTIONS = {
    "init": (project_files.init, "write the smallest useful project file"),
    "check": (project_files.check, "say everything that is wrong with project files: line, field, remedy"),
    "diff": (project_stack.diff, "name what an upload would change: schedules, people told, fields"),
    "push": (project_stack.push, "upload project files and wait for the stack's answer"),
    "list": (project_stack.listing, "the projects that the stack keeps"),
}


def arguments(parser: argparse.ArgumentParser) -> None:
    """What `tidewheel project` takes."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="action")
    made = {
        name: actions.add_parser(name, help=text, description=text, parents=[options()])
        for name, (_, text) in ACTIONS.items()
    }
    made["init"].add_argument("name", help="the project's name; the file will be projects/<name>.yaml")
    made["init"].add_argument("--problem", choices=("binary", "multiclass", "regression"), default="binary")
    made["init"].add_argument("--label", help="the column to be learnt; default the last one of --csv")
    made["init"].add_argument("--csv", help="a file of the data to come, whose columns are taken over")
    for name in ("check", "push"):
        made[name].add_argument("files", nargs="+", help="projects/<name>.yaml")
    made["diff"].add_argument("new", help="the file that would be uploaded")
    made["diff"].add_argument("old", nargs="?", help="the file to compare with; default what the stack has registered")


def run(asked: argparse.Namespace) -> Answer:
    """Do the action."""
    action, _ = ACTIONS[asked.action]
    return action(asked)
