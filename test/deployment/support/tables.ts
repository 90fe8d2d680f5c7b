import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import {
  CreateChangeSetCommand,
  ExecuteChangeSetCommand,
  type ResourceToImport,
  waitUntilChangeSetCreateComplete,
  waitUntilStackImportComplete,
} from '@aws-sdk/client-cloudformation';
import {
  type AttributeValue,
  CreateBackupCommand,
  PutItemCommand,
  RestoreTableFromBackupCommand,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import type { Emulator } from './emulator.ts';

export type Item = Record<string, AttributeValue>;

const root = join(import.meta.dirname, '..', '..', '..');
const WAIT_SECONDS_MAX = 60;
const PUTS_AT_ONCE = 20;

/** @returns the ARN of the backup */
export async function backUp(emulator: Emulator, table: string): Promise<string> {
  const { BackupDetails: details } = await emulator.dynamodb.send(
    new CreateBackupCommand({ TableName: table, BackupName: 'before' }),
  );
  if (details?.BackupArn === undefined) {
    throw new Error(`The backup of ${table} has no ARN`);
  }
  return details.BackupArn;
}

/** DynamoDB restores into a table of another name, without streams, expiry and backups. */
export async function restore(emulator: Emulator, backup: string, table: string): Promise<void> {
  const { dynamodb: client } = emulator;
  await client.send(new RestoreTableFromBackupCommand({ BackupArn: backup, TargetTableName: table }));
  await waitUntilTableExists({ client, maxWaitTime: WAIT_SECONDS_MAX, minDelay: 1 }, { TableName: table });
}

/**
 * Writes restored items back into a table that lives.
 *
 * @param condition - what must hold for the item that is there; an item that has moved on is left as it is
 */
export async function putBack(
  emulator: Emulator,
  options: {
    readonly table: string;
    readonly items: readonly Item[];
    readonly condition: string;
    readonly values?: (item: Item) => Item;
  },
): Promise<void> {
  const put = async (item: Item): Promise<void> => {
    const values = options.values?.(item);
    const command = new PutItemCommand({
      TableName: options.table,
      Item: item,
      ConditionExpression: options.condition,
      ...(values === undefined ? {} : { ExpressionAttributeValues: values }),
    });
    await emulator.dynamodb.send(command).catch((error: Error) => {
      if (error.name !== 'ConditionalCheckFailedException') {
        throw error;
      }
    });
  };
  for (let first = 0; first < options.items.length; first += PUTS_AT_ONCE) {
    await Promise.all(options.items.slice(first, first + PUTS_AT_ONCE).map(put));
  }
}

/**
 * Takes resources into a new stack, as docs/deploying.md says.
 *
 * @param resources - logical ids; what else outlives a stack is left for the deployment to create
 */
export async function adopt(
  emulator: Emulator,
  options: {
    readonly stack: string;
    readonly names: string;
    readonly bucket: string;
    readonly resources: readonly string[];
  },
): Promise<void> {
  const { stack, names, bucket, resources } = options;
  const { cloudFormation: client } = emulator;
  const folder = join(emulator.folder, `adopt-${stack}`);
  await promisify(execFile)(
    join(root, 'scripts', 'sam.sh'),
    ['--python', 'scripts/adoption.py', stack, names, bucket, folder],
    { cwd: root },
  );
  const read = async (file: string) => JSON.parse(await readFile(join(folder, file), 'utf8'));
  const template: { readonly Resources: Readonly<Record<string, unknown>> } = await read('template.json');
  const toImport: readonly ResourceToImport[] = await read('resources.json');
  const changeSet = { StackName: stack, ChangeSetName: 'adopt' };
  const wait = { client, maxWaitTime: WAIT_SECONDS_MAX, minDelay: 1 };
  await client.send(
    new CreateChangeSetCommand({
      ...changeSet,
      ChangeSetType: 'IMPORT',
      TemplateBody: JSON.stringify({
        ...template,
        Resources: Object.fromEntries(resources.map((id) => [id, template.Resources[id]])),
      }),
      ResourcesToImport: toImport.filter(({ LogicalResourceId: id = '' }) => resources.includes(id)),
      Parameters: [{ ParameterKey: 'Names', ParameterValue: names }],
    }),
  );
  await waitUntilChangeSetCreateComplete(wait, changeSet);
  await client.send(new ExecuteChangeSetCommand(changeSet));
  await waitUntilStackImportComplete(wait, { StackName: stack });
}
