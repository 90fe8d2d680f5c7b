"""Starts ministack with what it answers differently from AWS put right, as far as the deployment tests need it.

The differences, each verified in the source of the version in requirements.txt:

- A write by PartiQL gives no stream record. On AWS it does, and the state stage writes trades by PartiQL.
- A BatchExecuteStatement is authorized as one action that AWS does not have. On AWS each statement is authorized as
  dynamodb:PartiQLInsert, PartiQLUpdate, PartiQLDelete or PartiQLSelect on its table.
- Numbers are added with 28 digits. DynamoDB keeps 38.

Each permission that a user was asked for is printed with the access key, so that a test can compare it with what the documentation asks for.
"""

import copy
import decimal
import json
import re
import sys

decimal.DefaultContext.prec = 38
decimal.setcontext(decimal.DefaultContext.copy())

from ministack import app  # noqa: E402 - the context of new threads is a copy of the default
from ministack.core import iam_actions, iam_evaluator  # noqa: E402
from ministack.services import dynamodb  # noqa: E402

STATEMENT = re.compile(r'\s*(INSERT|UPDATE|DELETE|SELECT)\b[^"]*"([^"]+)"', re.IGNORECASE)

execute_statement = dynamodb._execute_statement
transaction_checks = iam_actions.dynamodb_transaction_checks
enforce = iam_evaluator.enforce


def written_item(table, statement):
    """The key of the item that an INSERT or UPDATE writes, or None for any other statement."""
    if statement["op"] == "INSERT":
        item = statement["item"]
        item = item["M"] if set(item) == {"M"} else item
        sort_key = table["sk_name"]
        return (
            dynamodb._extract_key_val(item.get(table["pk_name"])),
            dynamodb._extract_key_val(item.get(sort_key)) if sort_key else "__no_sort__",
        )
    if statement["op"] == "UPDATE":
        partition, sort, _, error = dynamodb._partiql_key_target(table, statement)
        return None if error else (partition, sort)
    return None


def execute_with_stream_record(request):
    try:
        statement = dynamodb._parse_partiql(request.get("Statement", ""), request.get("Parameters", []))
    except ValueError:
        return execute_statement(request)
    table = dynamodb._tables.get(statement.get("table"))
    key = written_item(table, statement) if table else None
    if key is None:
        return execute_statement(request)

    def item():
        return copy.deepcopy(table["items"].get(key[0], {}).get(key[1]))

    before = item()
    answer = execute_statement(request)
    if answer[0] == 200:
        dynamodb._emit_stream_event(statement["table"], "MODIFY" if before else "INSERT", before, item())
    return answer


def checks_of_statements(action, body, region, account):
    if action != "dynamodb:BatchExecuteStatement":
        return transaction_checks(action, body, region, account)
    found = [STATEMENT.match(one["Statement"]) for one in json.loads(body)["Statements"]]
    if not all(found):
        raise ValueError(f"a statement of this request cannot be authorized: {body!r}")
    return [
        (
            f"dynamodb:PartiQL{one.group(1).capitalize()}",
            iam_actions._dynamodb_table_arn(one.group(2), region, account),
        )
        for one in found
    ]


def enforce_and_print(access_key_id, iam_action, service, region, resource_arn="*", service_context=None):
    denied = enforce(access_key_id, iam_action, service, region, resource_arn, service_context)
    # Neither the account's own key nor the keys of roles begin so.
    if access_key_id.startswith("AKIA"):
        decision = "denied" if denied else "allowed"
        print(f"permission: {access_key_id} {decision} {iam_action} {resource_arn}", flush=True)
    return denied


def main():
    dynamodb._execute_statement = execute_with_stream_record
    # The request handler imports it at every request.
    iam_actions.dynamodb_transaction_checks = checks_of_statements
    iam_evaluator.enforce = enforce_and_print
    return app.main()


if __name__ == "__main__":
    sys.exit(main())
