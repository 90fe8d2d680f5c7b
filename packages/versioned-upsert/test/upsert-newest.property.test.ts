/**
 * Goal: how streams and queues are cut, what fails on the way, what is delivered again and who writes beside it change nothing
 * about the items in the table, and no conflict is lost. Method: random versions of few items, so that duplicates and conflicts
 * are frequent, delivered by mappings whose processes run side by side and die, against a model of a few lines that takes one
 * record after the other, in memory and on a real engine. Where several sources write one item, what holds in any order is checked.
 */

import { CreateTableCommand, type DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { useDynamoDb } from '@oncefold/engines/vitest';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { versionedTable } from '../src/dynamodb/index.ts';
import type { VersionedTable } from '../src/index.ts';
import { compareVersions, type Item, type WritableVersion } from '../src/item-form.ts';
import { createMemoryTable } from '../src/memory/index.ts';
import { writable } from './support/orders.ts';
import { type Fault, form as itemForm, type Plan, runHistory, type Version } from './support/run-history.ts';

const { form } = createMemoryTable(itemForm);

/** A fresh table, and what it holds. */
interface Subject {
  readonly table: VersionedTable<Version>;
  items(): Promise<readonly Item[]>;
}

async function createMemorySubject(): Promise<Subject> {
  const table = createMemoryTable(itemForm);
  return { table, items: async () => table.items() };
}

const { client } = useDynamoDb();
let tables = 0;

const version: fc.Arbitrary<Version> = fc.oneof(
  {
    weight: 12,
    arbitrary: fc
      .record({
        id: fc.constantFrom('a', "b'", '__proto__'),
        version: fc.integer({ min: 0, max: 3 }),
        amount: fc.constantFrom('1', '1.0', '-2.5'),
        note: fc.constantFrom('x', undefined),
        removed: fc.constantFrom(false, false, false, true),
      })
      .map((fields) => ({
        key: { Id: fields.id },
        version: fields.version,
        attributes: {
          Amount: { N: fields.amount },
          Note: fields.note === undefined ? undefined : { S: fields.note },
        },
        removed: fields.removed,
      })),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom<Version>({ invalid: 'broken' }, { ...validItem(), key: { Id: '' } }),
  },
);

const quiet: readonly Fault[] = ['none'];
const faulty: readonly Fault[] = [
  'none',
  'none',
  'none',
  'lost',
  'reply-lost',
  'late',
  'crash-before',
  'crash-after',
  'crash-late',
  'abandoned',
];

const plans = (options: {
  sources: number;
  kind?: Plan['kind'];
  faults: readonly Fault[];
}): fc.Arbitrary<Plan> =>
  fc.record({
    sources: fc.array(fc.array(version, { minLength: 1, maxLength: 20, size: 'max' }), {
      minLength: 1,
      maxLength: options.sources,
      size: 'max',
    }),
    kind: options.kind === undefined ? fc.constantFrom('streams', 'queues') : fc.constant(options.kind),
    isPartial: fc.boolean(),
    choices: fc.array(fc.nat({ max: 1_023 }), { maxLength: 400, size: 'max' }),
    faults: fc.constant(options.faults),
  });

describe.each<[string, () => Promise<Subject>, number]>([
  ['in memory', createMemorySubject, 500],
  ['on DynamoDB Local', () => createDynamoDbSubject(client), 12],
])('upsertNewest %s', (_name, create, numRuns) => {
  it('leaves the table and hands over the records of one after the other, however the stream is cut and whatever fails', async () => {
    await fc.assert(
      fc.asyncProperty(plans({ sources: 1, kind: 'streams', faults: faulty }), async (plan) => {
        const { table, items } = await create();
        const { refused } = await runHistory(plan, table);
        const model = takeOneByOne(plan.sources[0] ?? []);
        expect(standingIn(await items())).toEqual(model.standing);
        expect([...refused].sort()).toEqual(model.refused);
      }),
      { numRuns },
    );
  });

  it.each<[string, readonly Fault[]]>([
    ['side by side', quiet],
    ['and fail', faulty],
  ])(
    'keeps the newest version, and loses no conflict with it, where several sources write %s',
    async (_case, faults) => {
      await fc.assert(
        fc.asyncProperty(plans({ sources: 4, faults }), async (plan) => {
          const { table, items } = await create();
          const { refused } = await runHistory(plan, table);
          const standing = standingIn(await items());
          const records = readRecords(plan);
          for (const [name, read] of records) {
            const reason = refused.get(name);
            if ('invalid' in read) {
              expect(reason).toBe(read.invalid);
              continue;
            }
            const existing = standing.get(read.keyText);
            const comparison = existing && compareVersions(read, existing);
            // Below the newest version, whether versions met depends on the order.
            const isConflict = comparison === 'stale' ? reason !== undefined : comparison === 'conflict';
            expect([comparison, reason]).toEqual([
              expect.stringMatching(/duplicate|stale|conflict/),
              isConflict ? 'version-conflict' : undefined,
            ]);
          }
          const contents = new Set(
            [...records.values()].map((read) => ('invalid' in read ? '' : contentOf(read))),
          );
          expect([...standing.values()].map(contentOf).filter((content) => !contents.has(content))).toEqual(
            [],
          );
        }),
        { numRuns },
      );
    },
  );
});

describe('the report of upsertNewest', () => {
  it('decides every record of every delivery, and counts as many', async () => {
    await fc.assert(
      fc.asyncProperty(plans({ sources: 3, faults: faulty }), async (plan) => {
        const { reports } = await runHistory(plan, createMemoryTable(itemForm));
        const records = readRecords(plan);
        for (const { names, report } of reports) {
          const { decisions, counts } = report;
          expect(decisions).toHaveLength(names.length);
          for (const [outcome, count] of Object.entries(counts)) {
            expect(decisions.filter((decision) => decision.outcome === outcome)).toHaveLength(count);
          }
          // After one that failed, no later version of its item is decided.
          const failed = new Set<string>();
          for (const [index, name] of names.entries()) {
            const read = records.get(name);
            if (read === undefined || 'invalid' in read) {
              continue;
            }
            const hasFailed = decisions[index]?.outcome === 'failed';
            expect(failed.has(read.keyText) && !hasFailed).toBe(false);
            if (hasFailed) {
              failed.add(read.keyText);
            }
          }
        }
      }),
      { numRuns: 200 },
    );
  });
});

function validItem() {
  return { key: { Id: 'a' }, version: 0, attributes: {} };
}

function readRecords({ sources }: Plan): Map<string, WritableVersion | { readonly invalid: string }> {
  return new Map(
    sources.flatMap((versions, source) =>
      versions.map((given, index) => [`${source}:${index}`, form.read(given)] as const),
    ),
  );
}

type Standing = Pick<WritableVersion, 'order' | 'content'>;

/** What the table holds, by key. */
function standingIn(items: readonly Item[]): Map<string, Standing> {
  const entries = items.map((item) => {
    const { keyText } = writable({ form }, { ...validItem(), key: { Id: item['Id']?.S ?? '' } });
    return [keyText, form.readItem(item) as Standing] as const;
  });
  return new Map(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function contentOf({ order, content }: Standing): string {
  return `${order} ${content}`;
}

/** The law, without batches, requests or retries. */
function takeOneByOne(versions: readonly Version[]) {
  const standing = new Map<string, Standing>();
  const refused: [string, string][] = [];
  for (const [index, given] of versions.entries()) {
    const read = form.read(given);
    if ('invalid' in read) {
      refused.push([`0:${index}`, read.invalid]);
      continue;
    }
    const { keyText, order, content } = read;
    const existing = standing.get(keyText);
    if (existing === undefined || existing.order < order) {
      standing.set(keyText, { order, content });
    } else if (existing.order === order && existing.content !== content) {
      refused.push([`0:${index}`, 'version-conflict']);
    }
  }
  return {
    standing: new Map([...standing].sort(([a], [b]) => (a < b ? -1 : 1))),
    refused: refused.sort(),
  };
}

async function createDynamoDbSubject(own: DynamoDBClient): Promise<Subject> {
  tables += 1;
  const TableName = `History${tables}`;
  await own.send(
    new CreateTableCommand({
      TableName,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: 'Id', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'Id', KeyType: 'HASH' }],
    }),
  );
  return {
    table: versionedTable({ ...itemForm, client: own, table: TableName }),
    items: async () => {
      const { Items = [] } = await own.send(new ScanCommand({ TableName, ConsistentRead: true }));
      return Items;
    },
  };
}
