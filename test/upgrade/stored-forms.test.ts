// Goal: docs/stored-forms.md says what is in the tables, to the letter, and no form changes without it.
// Method: the functions of each release take the same records over fresh tables of a real engine; every item that they leave
// is compared with the examples of the document.
import { CreateTableCommand, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { useDynamoDb } from '@oncefold/engines/vitest';
import { parseContribution } from '@oncefold/reducer';
import { scoreRound } from '@oncefold/workshop';
import { createAggregateReader, createRoundOpener, createVerdictStore } from '@oncefold/workshop/dynamodb';
import { beforeAll, describe, expect, it } from 'vitest';
import { BUILD_TIMEOUT_MS, buildToday } from './support/build-today.ts';
import { type DocumentedForm, documentedForms, shapeOf } from './support/documented-forms.ts';
import { plainItem, type StoredItem, storedItems } from './support/stored-items.ts';

const database = useDynamoDb();
const forms = documentedForms();
/** Written by the workshop, and not by the stages. */
const ofWorkshop = forms.filter(({ table }) => ['WorkshopTable', 'ParameterTable'].includes(table));
const ofStages = forms.filter((form) => !ofWorkshop.includes(form));
/** Between them they write every form. */
const parameterSets = [
  { MapStrategy: 'checkpoint', ReduceStrategy: 'ledger', FormerKeys: 'true', Namespace: 'oncefold' },
  { MapStrategy: 'ledger', ReduceStrategy: 'checkpoint', FormerKeys: 'false', Namespace: 'oncefold' },
];

beforeAll(buildToday, BUILD_TIMEOUT_MS);

async function written(release: '0.2.0' | 'today'): Promise<readonly StoredItem[]> {
  const items: StoredItem[] = [];
  for (const parameters of parameterSets) {
    items.push(...(await storedItems({ endpoint: database.endpoint, release, parameters })));
  }
  if (release === 'today') {
    const [parameters = {}] = parameterSets;
    items.push(
      ...(await storedItems({ endpoint: database.endpoint, release, parameters, isRecounted: true })),
    );
  }
  return items;
}

const textOf = ({ table, item }: StoredItem): string => `${table} ${JSON.stringify(item)}`;

/** The form as a release wrote it that did not have all attributes yet. */
function asOf(release: string, { table, item, newer }: DocumentedForm): StoredItem {
  const missing = newer.get(release) ?? [];
  return {
    table,
    item: Object.fromEntries(Object.entries(item).filter(([name]) => !missing.includes(name))),
  };
}

describe('docs/stored-forms.md', () => {
  it.each(['today', '0.2.0'] as const)(
    'shows every form that the stages of %s write, to the letter',
    async (release) => {
      const items = await written(release);
      const documented = ofStages
        .filter(({ absentIn }) => !absentIn.includes(release))
        .map((form) => asOf(release, form));
      expect(documented.length).toBeGreaterThan(9);
      // An example that nobody writes, or that is written otherwise by now.
      for (const example of documented) {
        const alike = items.filter(({ table }) => table === example.table);
        expect(alike.map(textOf)).toContain(textOf(example));
      }
      // A form that has no example.
      const shapes = new Set(documented.map(shapeOf));
      expect(items.filter((item) => !shapes.has(shapeOf(item)))).toEqual([]);
    },
  );

  it('shows the forms of the workshop, to the letter', async () => {
    const { client } = database;
    const keys = { WorkshopTable: 'Round', ParameterTable: 'parameter', AggregateTable: 'Identifier' };
    for (const [TableName, AttributeName] of Object.entries(keys)) {
      await client.send(
        new CreateTableCommand({
          TableName,
          BillingMode: 'PAY_PER_REQUEST',
          AttributeDefinitions: [{ AttributeName, AttributeType: 'S' }],
          KeySchema: [{ AttributeName, KeyType: 'HASH' }],
        }),
      );
    }
    const name = '2025-11-23T08:00:00.000Z';
    const openedAt = Date.parse(name);
    await createRoundOpener(client, 'WorkshopTable').open({
      name,
      seed: 1_763_884_800,
      messages: 40,
      growth: parseContribution('{"PV":"30.5"}'),
      applied: { least: 0, most: 40 },
      before: parseContribution('{"PV":"1"}'),
      openedAt,
    });
    await scoreRound(
      name,
      {
        rounds: createVerdictStore(client, { workshop: 'WorkshopTable', parameter: 'ParameterTable' }),
        readAggregates: createAggregateReader(client, { table: 'AggregateTable' }),
        now: () => openedAt + 45_000,
        pause: async () => undefined,
      },
      { lookAgainMs: 0 },
    );
    const found: StoredItem[] = [];
    for (const [table, key, value] of [
      ['WorkshopTable', 'Round', name],
      ['ParameterTable', 'parameter', 'SCORE'],
    ] as const) {
      const { Item = {} } = await client.send(
        new GetItemCommand({ TableName: table, Key: { [key]: { S: value } } }),
      );
      found.push({ table, item: plainItem(Item) });
    }
    expect(found).toEqual(ofWorkshop.map(({ table, item }) => ({ table, item })));
  });

  it('would notice a new attribute, another key and another text, so that this test can see', () => {
    const [form] = ofStages;
    if (form === undefined) {
      throw new Error('there is no form');
    }
    const more = { ...form.item, Generation: { N: '1' } };
    const other = Object.fromEntries(
      Object.entries(form.item).map(([name, value]) => [
        name,
        { S: (value['S'] ?? '').replace(/^v2#/, 'v3#') },
      ]),
    );
    const changed = [more, other, {}].map((item) => shapeOf({ table: form.table, item }));
    expect(new Set([...changed, shapeOf(form)]).size).toBe(4);
  });
});
