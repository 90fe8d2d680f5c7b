// `aws kinesis put-records` as version 2 of the AWS CLI does it: data is base64 there, as in the recipe; in version 1 it is text.
import { parseArgs } from 'node:util';
import { PutRecordsCommand } from '@aws-sdk/client-kinesis';
import { createLocalKinesis } from '@oncefold/engines';

const { values } = parseArgs({
  allowPositionals: true,
  options: {
    'stream-name': { type: 'string' },
    records: { type: 'string' },
    query: { type: 'string' },
  },
});
const records = JSON.parse(values.records ?? '') as {
  readonly Data: string;
  readonly PartitionKey: string;
}[];
const { AWS_ENDPOINT_URL_KINESIS = '', AWS_ACCESS_KEY_ID = '', AWS_SECRET_ACCESS_KEY = '' } = process.env;
const client = createLocalKinesis({
  endpoint: AWS_ENDPOINT_URL_KINESIS,
  credentials: { accessKeyId: AWS_ACCESS_KEY_ID, secretAccessKey: AWS_SECRET_ACCESS_KEY },
});
const answer = await client.send(
  new PutRecordsCommand({
    StreamName: values['stream-name'],
    Records: records.map(({ Data, PartitionKey }) => ({ Data: Buffer.from(Data, 'base64'), PartitionKey })),
  }),
);
console.log(values.query === 'FailedRecordCount' ? answer.FailedRecordCount : JSON.stringify(answer));
client.destroy();
