import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './project-template.ts';

/** What a bundle could ask DynamoDB and Kinesis for, whether or not anything was seen to. */
export interface CallableRequests {
  /** Commands of the SDK that survived in the bundle, without the ending. */
  readonly operations: ReadonlySet<string>;
  /** Actions that the sources name within transactions and PartiQL. */
  readonly actions: ReadonlySet<string>;
}

interface Metafile {
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly outputs: Readonly<
    Record<string, { readonly inputs: Readonly<Record<string, { readonly bytesInOutput: number }>> }>
  >;
}

const COMMAND = /@aws-sdk\/client-(?:dynamodb|kinesis)\/dist-es\/commands\/(\w+)Command\.js$/;
/** Every client brings it, and asks it only where endpoint discovery is switched on, which it is not. */
const NEVER_SENT = 'DescribeEndpoints';
const TRANSACT_ITEM = /\b(Put|Update|Delete|ConditionCheck): \{/g;
/** The transaction port can send a check, which a function asks for only where it makes one. */
const CHECK_MADE = /\btype: 'check',/;
const STATEMENT = /[`'"](INSERT INTO|UPDATE|DELETE FROM|SELECT) /g;
const STATEMENT_ACTIONS: Readonly<Record<string, string>> = {
  'INSERT INTO': 'dynamodb:PartiQLInsert',
  UPDATE: 'dynamodb:PartiQLUpdate',
  'DELETE FROM': 'dynamodb:PartiQLDelete',
  SELECT: 'dynamodb:PartiQLSelect',
};

/**
 * Reads from what a function was built of which requests it could make.
 *
 * This is the upper bound that recordings are held against: esbuild drops commands that nothing makes, so that each one
 * that is left must be seen in a recording, or the recording misses a way through the code.
 *
 * @param service - folder under services/
 */
export function callableRequests(service: string): CallableRequests {
  const folder = join(root, 'services', service);
  const metafile = JSON.parse(readFileSync(join(folder, 'dist', 'metafile.json'), 'utf8')) as Metafile;
  const output = metafile.outputs['dist/handler.mjs'];
  if (output === undefined) {
    throw new Error(`the build of ${service} has no bundle`);
  }
  const kept = Object.entries(output.inputs).flatMap(([path, { bytesInOutput }]) =>
    bytesInOutput > 0 ? [path] : [],
  );
  const operations = new Set(kept.flatMap((path) => COMMAND.exec(path)?.[1] ?? []));
  operations.delete(NEVER_SENT);
  const actions = new Set<string>();
  // Paths are as seen from the service.
  const sources = kept
    .filter((one) => /^(src|\.\.\/\.\.\/packages)\//.test(one))
    .map((path) => readFileSync(join(folder, path), 'utf8'));
  for (const source of sources) {
    for (const [, kind] of source.matchAll(TRANSACT_ITEM)) {
      actions.add(`dynamodb:${kind === 'ConditionCheck' ? 'ConditionCheckItem' : `${kind}Item`}`);
    }
    for (const [, verb = ''] of source.matchAll(STATEMENT)) {
      actions.add(STATEMENT_ACTIONS[verb] ?? verb);
    }
  }
  if (!sources.some((source) => CHECK_MADE.test(source))) {
    actions.delete('dynamodb:ConditionCheckItem');
  }
  if (operations.size === 0) {
    throw new Error(`the bundle of ${service} has no request in it`);
  }
  return { operations, actions };
}
