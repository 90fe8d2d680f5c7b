"""Deploys a stack for the first time: asks for what is decided once, and for nothing else.

`sam deploy --guided` asks for every parameter of the template and writes the answers into samconfig.toml. This asks at most five
questions, takes everything else from a section of samconfig.toml, and writes nothing: CloudFormation remembers the answers, so that
later deployments are `scripts/sam.sh deploy --config-env SECTION`.

Needs the Python of an installed aws-sam-cli: scripts/first-deployment.sh. Its arguments go to `sam deploy`, such as --tags. Ends with
1 when an answer cannot be used or AWS is not reached, otherwise with the status of the SAM CLI.
"""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import boto3
import tomlkit
from botocore.exceptions import BotoCoreError, ClientError

ROOT = Path(__file__).parent.parent
STACK_POLICY = ROOT / "stacks" / "stack-policy.json"
SECTIONS = {
    "dev": "for one developer and a few days",
    "prod": "for data that counts",
    "load": "for measuring",
    "workshop": "a round of trades every minute",
}
STACK = r"[A-Za-z][A-Za-z0-9-]{0,127}"
REGION = r"[a-z]{2}(-[a-z]+)+-[0-9]"
NAMES = r"[A-Za-z][A-Za-z0-9_.-]{1,31}"
TOPIC = r"arn:aws[a-z-]*:sns:[a-z0-9-]+:[0-9]{12}:[A-Za-z0-9_.-]+"
ATTEMPTS_MAX = 3
NOTHING = "Nothing was deployed."
# Stacks whose deployment has begun.
begun: list[str] = []


def ask(question: str, pattern: str, example: str, default: str = "") -> str:
    for _ in range(ATTEMPTS_MAX):
        answer = input(f"{question} [{default}]: " if default else f"{question}: ").strip() or default
        if re.fullmatch(pattern, answer):
            return answer
        print(f"That cannot be used. An example: {example}")
    sys.exit(NOTHING)


def what_is_left() -> str:
    return f"Look at the stack {begun[-1]} in CloudFormation: its deployment had begun." if begun else NOTHING


def section_of(name: str) -> tuple[str, dict[str, str]]:
    """Name of the stack and values of parameters in a section of samconfig.toml."""
    section = tomlkit.parse((ROOT / "samconfig.toml").read_text()).unwrap()[name]
    overrides = section["deploy"]["parameters"]["parameter_overrides"]
    return section["global"]["parameters"]["stack_name"], dict(one.split("=", 1) for one in overrides)


def status_of(client, stack: str) -> str:
    try:
        return client.describe_stacks(StackName=stack)["Stacks"][0]["StackStatus"]
    except ClientError as error:
        if "does not exist" in str(error):
            return "none"
        raise


def deploy(section: str, stack: str, region: str, overrides: dict[str, str], *more: str) -> None:
    # Named, because the SAM CLI looks for it beside the template, and an argument may name another template.
    config = ["--config-file", str(ROOT / "samconfig.toml"), "--config-env", section]
    command = ["sam", "deploy", *config, "--stack-name", stack, "--region", region, *sys.argv[1:], *more]
    command += ["--parameter-overrides", *(f"{name}={value}" for name, value in overrides.items())]
    print("\n" + shlex.join(command), flush=True)
    begun.append(stack)
    status = subprocess.run([Path(sys.executable).parent / "sam", *command[1:]], cwd=ROOT).returncode
    if status != 0:
        sys.exit(status)


def protect(client, section: str, stack: str, region: str) -> None:
    """What a first deployment cannot have: one that failed could not be rolled back."""
    deploy(section, stack, region, {"Protection": "full"}, "--no-confirm-changeset")
    client.set_stack_policy(StackName=stack, StackPolicyBody=STACK_POLICY.read_text())
    client.update_termination_protection(StackName=stack, EnableTerminationProtection=True)
    print(f"{stack} cannot be deleted, and no update can replace or delete what holds its data.")


def main() -> None:
    if not (ROOT / ".aws-sam" / "build" / "template.yaml").exists():
        sys.exit("Nothing is built: run scripts/sam.sh build first.")
    for name, what in SECTIONS.items():
        print(f"  {name:9} {what}")
    section = ask("Section of samconfig.toml", "|".join(SECTIONS), "prod", "dev")
    stack, overrides = section_of(section)
    stack = ask("Name of the stack", STACK, "oncefold-dev (letters, digits and dashes; the first is a letter)", stack)
    region = ask("Region", REGION, "eu-central-1", boto3.Session().region_name or "")
    client = boto3.client("cloudformation", region_name=region)
    status = status_of(client, stack)
    if status not in ("none", "REVIEW_IN_PROGRESS"):
        later = f"scripts/sam.sh deploy --config-env {section} --stack-name {stack} --region {region}"
        sys.exit(f"{stack} exists ({status}). Update it: {later}")
    if "Names" not in overrides:
        print("Names of tables and stream: `stack` puts the stack's name before them, `lab` nothing, any other word itself.")
        example = "trades-2026 (2 to 32 letters, digits, dots, dashes and underscores; the first is a letter)"
        overrides["Names"] = ask("Names, for good", NAMES, example, "stack")
    is_protected = overrides.get("Protection") == "full"
    if is_protected:
        overrides["AlarmTopicArn"] = ask("ARN of the SNS topic for alarms", TOPIC, "arn:aws:sns:eu-central-1:123456789012:on-call")
    deploy(section, stack, region, {**overrides, "Protection": "none"})
    if status_of(client, stack) != "CREATE_COMPLETE":
        sys.exit(NOTHING)
    if is_protected:
        protect(client, section, stack, region)
    print(f"\nFrom now on: scripts/sam.sh deploy --config-env {section} --stack-name {stack} --region {region}")


if __name__ == "__main__":
    try:
        main()
    except (EOFError, KeyboardInterrupt):
        sys.exit(f"\n{what_is_left()}")
    except ClientError as error:
        sys.exit(f"AWS refused: {error}\n{what_is_left()}")
    except BotoCoreError as error:
        sys.exit(f"The request to AWS failed: {error}\n{what_is_left()}")
