"""Prepares a new stack to adopt the tables, the stream and the bucket that a deleted one has left: see docs/deploying.md.

    scripts/sam.sh --python scripts/adoption.py STACK NAMES BUCKET FOLDER

STACK and NAMES are those of the stack to come, NAMES as the parameter; BUCKET is the former stack's bucket for failed batches. Writes
FOLDER/template.json, which has only what holds data, and FOLDER/resources.json for `--resources-to-import`.
"""

import json
import sys
from pathlib import Path

from samtranslator.yaml_helper import yaml_parse

IDENTIFIERS = {"AWS::DynamoDB::Table": "TableName", "AWS::Kinesis::Stream": "Name", "AWS::S3::Bucket": "BucketName"}


def main(stack: str, names: str, bucket: str, folder: str) -> None:
    template = yaml_parse((Path(__file__).parent.parent / "template.yaml").read_text())
    kept = {
        logical_id: resource
        for logical_id, resource in template["Resources"].items()
        if resource.get("DeletionPolicy") == "RetainExceptOnCreate"
    }
    prefix = {"lab": "", "stack": f"{stack}-"}.get(names, f"{names}-")
    resources = [
        {
            "ResourceType": resource["Type"],
            "LogicalResourceId": logical_id,
            "ResourceIdentifier": {
                IDENTIFIERS[resource["Type"]]: bucket if resource["Type"] == "AWS::S3::Bucket" else prefix + logical_id
            },
        }
        for logical_id, resource in kept.items()
    ]
    sections = ("AWSTemplateFormatVersion", "Parameters", "Conditions")
    result = {**{name: template[name] for name in sections}, "Resources": kept}
    Path(folder).mkdir(parents=True, exist_ok=True)
    (Path(folder) / "template.json").write_text(json.dumps(result, indent=1))
    (Path(folder) / "resources.json").write_text(json.dumps(resources, indent=1))


if __name__ == "__main__":
    if len(sys.argv) != 5:
        sys.exit("usage: scripts/sam.sh --python scripts/adoption.py STACK NAMES BUCKET FOLDER")
    main(*sys.argv[1:])
