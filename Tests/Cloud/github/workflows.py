"""The workflows, as their files on a branch say."""

import dataclasses

import yaml

from .errors import GitHubError
from .history import WORKFLOW_FOLDER, Commit

INPUTS_MAX = 25


@dataclasses.dataclass
class Workflow:
    """One workflow of the repository; what it does stands in its file."""

    id: int
    file: str
    state: str = "active"

    @property
    def path(self) -> str:
        return f"{WORKFLOW_FOLDER}/{self.file}"

    def document(self, commit: Commit) -> dict:
        """The parsed file at a commit. Raises GitHubError where there is none to be read."""
        try:
            document = yaml.safe_load(commit.files[self.path])
        except (KeyError, yaml.YAMLError):
            document = None
        if not isinstance(document, dict):
            raise GitHubError(422, f"No workflow file {self.path} to be read at {commit.sha}")
        # YAML 1.1 takes the key `on` for true.
        return document | {"on": document.get("on", document.get(True))}


def inputs(workflow: Workflow, commit: Commit, given: dict) -> dict[str, str]:
    """The inputs of a dispatch with their defaults; raises GitHubError for what does not fit."""
    if workflow.state != "active":
        raise GitHubError(422, "Cannot trigger a 'workflow_dispatch' on a disabled workflow")
    triggers = workflow.document(commit)["on"]
    triggers = triggers if isinstance(triggers, dict) else {name: None for name in triggers or []}
    if "workflow_dispatch" not in triggers:
        raise GitHubError(422, "Workflow does not have 'workflow_dispatch' trigger")
    if len(given) > INPUTS_MAX:
        raise GitHubError(422, f"Invalid request.\n\nNo more than {INPUTS_MAX} inputs are allowed.")
    declared = (triggers["workflow_dispatch"] or {}).get("inputs") or {}
    unexpected = sorted(given.keys() - declared.keys())
    if unexpected:
        names = ", ".join(f'"{name}"' for name in unexpected)
        raise GitHubError(422, f"Unexpected inputs provided: [{names}]")
    return {name: _value(name, rule or {}, given) for name, rule in declared.items()}


def _value(name: str, rule: dict, given: dict) -> str:
    value = given.get(name, rule.get("default", ""))
    text = str(value).lower() if isinstance(value, bool) else str(value)
    if rule.get("required") and not text:
        raise GitHubError(422, f"Required input '{name}' not provided")
    if rule.get("type") == "choice" and text not in map(str, rule.get("options", [])):
        words = f"Provided value '{text}' for input '{name}' not in the list of allowed values"
        raise GitHubError(422, words)
    return text
