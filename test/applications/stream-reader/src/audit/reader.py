import os

import boto3

findings = boto3.resource("dynamodb", region_name="eu-west-1").Table(os.environ["FINDINGS"])
streams = boto3.client("dynamodbstreams", region_name="eu-west-1")


def handler(event, context):
    failures = []
    for record in event["Records"]:
        try:
            keep(record)
        except Exception as error:
            print(f"{type(error).__name__}: {error}")
            failures.append({"itemIdentifier": record["dynamodb"]["SequenceNumber"]})
    return {"batchItemFailures": failures}


def keep(record):
    arn = os.environ["STREAM_ARN"]
    description = streams.describe_stream(StreamArn=arn)["StreamDescription"]
    findings.put_item(
        Item={
            "id": record["dynamodb"]["Keys"]["id"]["S"],
            "isSameArn": record["eventSourceARN"] == arn,
            "tableName": description["TableName"],
        }
    )
