import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** One access to one table or stream, as IAM sees it. */
export interface Access {
  /** `dynamodb:PutItem` and so on; a batch of PartiQL is one per statement. */
  readonly action: string;
  /** Name of the table, or of the stream where the action is one of Kinesis. */
  readonly name: string;
  readonly enclosingOperation: string | undefined;
}

/** Stands between a function and its engines and writes down what the function asks for. */
export interface RecordingProxy {
  readonly endpoint: string;
  readonly accesses: Access[];
  /** Names of the requests as the SDK's commands have them, such as `TransactWriteItems`. */
  readonly operations: Set<string>;
  /** Answers like an engine that does not return the item that made a condition fail. */
  withholdsItems: boolean;
  /** Answers every transaction with a refusal. */
  refusesTransactions: boolean;
  close(): Promise<void>;
}

const STATEMENTS = new Map([
  ['INSERT INTO', 'dynamodb:PartiQLInsert'],
  ['UPDATE', 'dynamodb:PartiQLUpdate'],
  ['DELETE FROM', 'dynamodb:PartiQLDelete'],
  ['SELECT', 'dynamodb:PartiQLSelect'],
]);

const TRANSACT_ACTIONS = new Map([
  ['Put', 'dynamodb:PutItem'],
  ['Update', 'dynamodb:UpdateItem'],
  ['Delete', 'dynamodb:DeleteItem'],
  ['ConditionCheck', 'dynamodb:ConditionCheckItem'],
]);

/** Starts a proxy before the engines; a request names the service that it is for. */
export async function startRecordingProxy(engines: {
  readonly dynamodb: string;
  readonly kinesis: string;
}): Promise<RecordingProxy> {
  const proxy = {
    endpoint: '',
    accesses: [] as Access[],
    operations: new Set<string>(),
    withholdsItems: false,
    refusesTransactions: false,
  };

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const [service = '', operation = ''] = String(request.headers['x-amz-target']).split('.');
    const isKinesis = service.startsWith('Kinesis');
    const body = await text(request);
    proxy.operations.add(operation);
    proxy.accesses.push(
      ...(isKinesis ? streamAccessesOf : accessesOf)(operation, JSON.parse(body) as Record<string, unknown>),
    );
    if (proxy.refusesTransactions && operation === 'TransactWriteItems') {
      response.writeHead(400, { 'content-type': 'application/x-amz-json-1.0' });
      response.end(
        '{"__type":"com.amazon.coral.validate#ValidationException","message":"refused by the test"}',
      );
      return;
    }
    const { host: _host, connection: _connection, 'content-length': _length, ...headers } = request.headers;
    const answered = await fetch(isKinesis ? engines.kinesis : engines.dynamodb, {
      method: 'POST',
      headers: headers as Record<string, string>,
      body,
    });
    const payload = await answered.text();
    const sent = proxy.withholdsItems ? withoutItems(payload) : payload;
    const type = answered.headers.get('content-type') ?? 'application/x-amz-json-1.0';
    response.writeHead(answered.status, { 'content-type': type });
    response.end(sent);
  };

  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => response.destroy(error as Error));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  proxy.endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return Object.assign(proxy, {
    close: () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  });
}

/** What IAM would be asked for a request. */
function accessesOf(operation: string, input: Record<string, unknown>): Access[] {
  const plain = (name: string): Access => ({
    action: `dynamodb:${operation}`,
    name,
    enclosingOperation: undefined,
  });
  switch (operation) {
    case 'BatchExecuteStatement':
      return (input['Statements'] as { Statement: string }[]).map(({ Statement }) => {
        const [, verb = '', name = ''] = /^(\w+(?: INTO| FROM)?) "([^"]+)"/.exec(Statement) ?? [];
        const action = STATEMENTS.get(verb);
        if (action === undefined) {
          throw new Error(`a statement that is not known here: ${Statement}`);
        }
        return { action, name, enclosingOperation: undefined };
      });
    case 'TransactWriteItems':
      return (input['TransactItems'] as Record<string, { TableName: string }>[])
        .flatMap((item) => Object.entries(item))
        .map(([kind, { TableName }]) => ({
          action: TRANSACT_ACTIONS.get(kind) ?? kind,
          name: TableName,
          enclosingOperation: operation,
        }));
    case 'BatchGetItem':
    case 'BatchWriteItem':
      return Object.keys(input['RequestItems'] as object).map(plain);
    default:
      if (typeof input['TableName'] !== 'string') {
        throw new Error(`${operation} names no table`);
      }
      return [plain(input['TableName'])];
  }
}

function streamAccessesOf(operation: string, input: Record<string, unknown>): Access[] {
  if (typeof input['StreamName'] !== 'string') {
    throw new Error(`${operation} names no stream`);
  }
  return [{ action: `kinesis:${operation}`, name: input['StreamName'], enclosingOperation: undefined }];
}

function withoutItems(payload: string): string {
  return JSON.stringify(JSON.parse(payload), (_key, value: unknown) => {
    if (typeof value !== 'object' || value === null) {
      return value;
    }
    if (!('Code' in value || '__type' in value)) {
      return value;
    }
    const { Item: _item, ...rest } = value as Record<string, unknown>;
    return rest;
  });
}
