"""Finds in template.yaml what `sam validate --lint` does not look at.

The linter of SAM does not expand the template, so a wrong property of an event or a reference that leads nowhere in
Globals passes. This expands it as CloudFormation would and lints what comes out, with the parameters' defaults.
Needs the Python of an installed aws-sam-cli. Ends with 1 when there is a finding.

    lint-template.py [FILE]            lints
    lint-template.py --expand FILE     prints what comes out, as JSON
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
    """The template uses none by name, so nothing has to be asked of AWS."""

    def load(self):
        return {}


def expand(file: Path) -> str:
    template = yaml_parse(file.read_text())
    # What `sam package` would put there.
    for resource in template["Resources"].values():
        if resource["Type"] == "AWS::Serverless::Function":
            resource["Properties"]["CodeUri"] = "s3://bucket/key"
    defaults = {name: parameter["Default"] for name, parameter in template.get("Parameters", {}).items()}
    os.environ.setdefault("AWS_DEFAULT_REGION", REGION)
    try:
        expanded = transform(template, defaults, NoManagedPolicies())
    except InvalidDocumentException as error:
        sys.exit("\n".join(f"{file}: {cause.message}" for cause in error.causes))
    # A lint that saw nothing has found nothing.
    kinds = [resource["Type"] for resource in expanded["Resources"].values()]
    if not {"AWS::Lambda::Function", "AWS::Lambda::EventSourceMapping"} <= set(kinds):
        sys.exit(f"{file}: the expansion has no functions with event source mappings")
    return json.dumps(expanded, indent=1)


def main() -> int:
    if sys.argv[1:2] == ["--expand"]:
        print(expand(Path(sys.argv[2])))
        return 0
    file = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent.parent / "template.yaml"
    findings = lint(expand(file), None, [REGION])
    for finding in findings:
        place = "/".join(str(part) for part in getattr(finding, "path", None) or [])
        print(f"{finding.rule.id} {place}: {finding.message}")
    print(f"{file.name}: {len(findings)} finding(s) in the expanded template")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
