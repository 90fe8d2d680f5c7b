import {
  BatchExecuteStatementCommand,
  type BatchExecuteStatementCommandOutput,
  BatchGetItemCommand,
  type BatchGetItemCommandOutput,
  BatchWriteItemCommand,
  type BatchWriteItemCommandOutput,
  DeleteItemCommand,
  type DeleteItemCommandOutput,
  GetItemCommand,
  type GetItemCommandOutput,
  PutItemCommand,
  type PutItemCommandOutput,
  ScanCommand,
  type ScanCommandOutput,
  TransactGetItemsCommand,
  type TransactGetItemsCommandOutput,
  TransactWriteItemsCommand,
  type TransactWriteItemsCommandOutput,
  UpdateItemCommand,
  type UpdateItemCommandOutput,
} from '@aws-sdk/client-dynamodb';
import { prepareBatchGet, prepareBatchWrite } from './commands/batches.ts';
import { requestOf } from './commands/request.ts';
import { prepareScan } from './commands/scan.ts';
import { prepareDelete, prepareGet, preparePut, prepareUpdate } from './commands/single-item.ts';
import { prepareStatements } from './commands/statements.ts';
import { prepareTransactGet, prepareTransactWrite } from './commands/transactions.ts';
import type { SimulatedStore } from './create-store.ts';
import { SimulatedStoreError } from './simulated-store-error.ts';
import type { StoreRequest } from './store.ts';

/** What the simulated store answers to commands of the AWS SDK for JavaScript, version 3. */
export type CommandOutput =
  | BatchExecuteStatementCommandOutput
  | BatchGetItemCommandOutput
  | BatchWriteItemCommandOutput
  | DeleteItemCommandOutput
  | GetItemCommandOutput
  | PutItemCommandOutput
  | ScanCommandOutput
  | TransactGetItemsCommandOutput
  | TransactWriteItemsCommandOutput
  | UpdateItemCommandOutput;

/**
 * One send of a command of the AWS SDK on the simulated store. Each attempt that the client makes, and each copy that the network
 * makes of one, begins it again.
 *
 * Errors are the SDK's own. A transaction without a token has one of its own, as the SDK makes it for each send. Expressions name
 * attributes by aliases (`#name`), because the store does not know which words are reserved.
 *
 * @param command - a command of `@aws-sdk/client-dynamodb`; it is not changed, and may be changed afterwards
 * @throws {@link SimulatedStoreError} when it asks for what the store does not know: it never guesses
 */
export function commandRequest(store: SimulatedStore, command: unknown): StoreRequest<CommandOutput> {
  if (command instanceof TransactWriteItemsCommand) {
    const count = command.input.TransactItems?.length ?? 0;
    return requestOf(`TransactWriteItems, ${counted(count, 'action')}`, () =>
      prepareTransactWrite(store, command.input),
    );
  }
  if (command instanceof BatchExecuteStatementCommand) {
    const count = command.input.Statements?.length ?? 0;
    return requestOf(`BatchExecuteStatement, ${counted(count, 'statement')}`, () =>
      prepareStatements(store, command.input),
    );
  }
  if (command instanceof BatchGetItemCommand) {
    return requestOf(`BatchGetItem ${namesOf(command.input.RequestItems)}`, () =>
      prepareBatchGet(store, command.input),
    );
  }
  if (command instanceof BatchWriteItemCommand) {
    return requestOf(`BatchWriteItem ${namesOf(command.input.RequestItems)}`, () =>
      prepareBatchWrite(store, command.input),
    );
  }
  if (command instanceof TransactGetItemsCommand) {
    const count = command.input.TransactItems?.length ?? 0;
    return requestOf(`TransactGetItems, ${counted(count, 'item')}`, () =>
      prepareTransactGet(store, command.input),
    );
  }
  return singleTableRequest(store, command);
}

function singleTableRequest(store: SimulatedStore, command: unknown): StoreRequest<CommandOutput> {
  if (command instanceof UpdateItemCommand) {
    return requestOf(`UpdateItem ${command.input.TableName}`, () => prepareUpdate(store, command.input));
  }
  if (command instanceof GetItemCommand) {
    return requestOf(`GetItem ${command.input.TableName}`, () => prepareGet(store, command.input));
  }
  if (command instanceof PutItemCommand) {
    return requestOf(`PutItem ${command.input.TableName}`, () => preparePut(store, command.input));
  }
  if (command instanceof DeleteItemCommand) {
    return requestOf(`DeleteItem ${command.input.TableName}`, () => prepareDelete(store, command.input));
  }
  if (command instanceof ScanCommand) {
    return requestOf(`Scan ${command.input.TableName}`, () => prepareScan(store, command.input));
  }
  throw new SimulatedStoreError('The simulated store does not know this command.');
}

function counted(count: number, noun: string): string {
  return `${count} ${count === 1 ? noun : `${noun}s`}`;
}

function namesOf(requests: object | undefined): string {
  return Object.keys(requests ?? {}).join(', ');
}
