// Goal: queues of a template take what streams give up, feed functions, and pass on what those give up.
// Method: the application in processes of its own; what reaches the last queue is read with a plain SDK client.
import {
  GetQueueUrlCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { describe, expect, it } from 'vitest';
import { runApplication } from './support/run-application.ts';

describe('an application with queues', () => {
  it('passes what it cannot read to a queue, and what is no such document to the next one', async () => {
    const { application, send, items } = await runApplication('queues/template.yaml');
    const queues = new SQSClient(application.clientConfig('sqs'));
    const urlOf = async (QueueName: string): Promise<string | undefined> =>
      (await queues.send(new GetQueueUrlCommand({ QueueName }))).QueueUrl;
    await queues.send(
      new SendMessageCommand({ QueueUrl: await urlOf('Unreadable'), MessageBody: 'no document' }),
    );
    await send('Lines', '1', 'two', '3', 'four');
    const note = { group: 'notes', id: expect.stringMatching(/^\d+$/) };
    expect(await items('Kept')).toEqual([note, note]);
    const hopeless = new ReceiveMessageCommand({ QueueUrl: await urlOf('Hopeless'), WaitTimeSeconds: 20 });
    expect((await queues.send(hopeless)).Messages).toMatchObject([{ Body: 'no document' }]);
  });
});
