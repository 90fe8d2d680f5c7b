"""Finds in template.yaml, and in all that it nests, what `sam validate --lint` does not look at.

The linter of SAM does not expand a template, so a wrong property of an event or a reference that leads nowhere in Globals
passes; nor does it look at nested templates. This lints each file as it is, and what comes out when it is expanded as
CloudFormation would, with the parameters' defaults. Needs the Python of an installed aws-sam-cli. Ends with 1 when there is
a finding.

    lint-template.py [FILE]            lints
    lint-template.py --expand FILE     prints what comes out, as JSON: each template by the logical ids that lead to it
"""

import json
import os
import sys
from pathlib import Path

from cfnlint.api import lint
from samtranslator.public.exceptions import InvalidDocumentException
from samtranslator.translator.transform import transform
from samtranslator.yaml_helper import yaml_parse

REGION = "us-east-1"


class NoManagedPolicies:
    """The templates use none by name, so nothing has to be asked of AWS."""

    def load(self):
        return {}


def nested(file: Path, ids: tuple[str, ...] = ()) -> dict[tuple[str, ...], Path]:
    """The template and those that it nests, by the logical ids that lead to them."""
    found = {ids: file}
    for logical_id, resource in yaml_parse(file.read_text())["Resources"].items():
        if resource["Type"] == "AWS::Serverless::Application":
            location = resource["Properties"]["Location"]
            found |= nested(Path(os.path.normpath(file.parent / location)), (*ids, logical_id))
    return found


def expand(file: Path) -> dict:
    template = yaml_parse(file.read_text())
    # What `sam package` would put there.
    for resource in template["Resources"].values():
        if resource["Type"] == "AWS::Serverless::Function":
            resource["Properties"]["CodeUri"] = "s3://bucket/key"
        if resource["Type"] == "AWS::Serverless::Application":
            resource["Properties"]["Location"] = "https://s3.amazonaws.com/bucket/key"
    parameters = template.get("Parameters", {})
    defaults = {name: one["Default"] for name, one in parameters.items() if "Default" in one}
    os.environ.setdefault("AWS_DEFAULT_REGION", REGION)
    try:
        return transform(template, defaults, NoManagedPolicies())
    except InvalidDocumentException as error:
        sys.exit("\n".join(f"{file}: {cause.message}" for cause in error.causes))


def lint_all(file: Path) -> int:
    files = set(nested(file).values())
    # A file that nothing nests is deployed by nobody, and a lint that saw nothing has found nothing.
    unused = set((file.parent / "stacks").glob("*.yaml")) - files
    if unused:
        sys.exit(f"{file.name} does not nest {', '.join(sorted(one.name for one in unused))}")
    count = 0
    kinds = set()
    for one in sorted(files):
        expanded = expand(one)
        kinds |= {resource["Type"] for resource in expanded["Resources"].values()}
        findings = [*lint(one.read_text(), None, [REGION]), *lint(json.dumps(expanded), None, [REGION])]
        for finding in findings:
            place = "/".join(str(part) for part in getattr(finding, "path", None) or [])
            print(f"{one.name}: {finding.rule.id} {place}: {finding.message}")
        count += len(findings)
    if not {"AWS::Lambda::Function", "AWS::Lambda::EventSourceMapping", "AWS::CloudFormation::Stack"} <= kinds:
        sys.exit(f"{file}: the expansion has no functions with event source mappings, or nests nothing")
    print(f"{len(files)} templates: {count} finding(s) in them and in what they expand to")
    return 1 if count else 0


def main() -> int:
    if sys.argv[1:2] == ["--expand"]:
        templates = nested(Path(sys.argv[2]))
        print(json.dumps({"/".join(ids): expand(file) for ids, file in templates.items()}, indent=1))
        return 0
    return lint_all(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent.parent / "template.yaml")


if __name__ == "__main__":
    sys.exit(main())
