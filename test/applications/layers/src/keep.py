import base64
import os

import boto3

from spelling import loud

table = boto3.resource("dynamodb").Table(os.environ["KEPT"])


def handler(event, context):
    for record in event["Records"]:
        text = base64.b64decode(record["kinesis"]["data"]).decode()
        table.put_item(Item={"id": loud(text), "greeting": os.environ["GREETING"]})
