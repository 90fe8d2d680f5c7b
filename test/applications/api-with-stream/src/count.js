const { DynamoDBClient } = require('@aws-sdk/client-dynamodb');
const { DynamoDBDocumentClient, PutCommand } = require('@aws-sdk/lib-dynamodb');

const documents = DynamoDBDocumentClient.from(new DynamoDBClient({}));

exports.handlers = {
  onChange(event, context, callback) {
    const puts = event.Records.map(({ dynamodb }) =>
      documents.send(
        new PutCommand({
          TableName: process.env.COUNTS,
          Item: { id: dynamodb.Keys.page.S, function: context.functionName },
        }),
      ),
    );
    Promise.all(puts).then(() => callback(null, 'done'), callback);
  },
};
