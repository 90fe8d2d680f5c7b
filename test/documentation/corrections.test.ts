// Goal: what the first function of docs/corrections.md stores, its second one can add, whatever a source sends.
// Method: both blocks as they are written, one behind the other. Hostile orders go into the first; every image that it stores
// goes into the second, whose sums must be those of the orders. Then the second alone is given what the first one refuses.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type CodeBlock, documentBlocks } from './code-blocks.ts';
import { createExampleProject, type ExampleProject } from './example-project.ts';

const FILE = 'docs/corrections.md';
const [first, second] = documentBlocks().filter(({ file, language }) => file === FILE && language === 'ts');

const bothFunctions = ({ line: firstLine }: CodeBlock, { line: secondLine }: CodeBlock): CodeBlock => ({
  file: FILE,
  line: 0,
  language: 'ts',
  text: `
import { deepStrictEqual } from 'node:assert/strict';
import { addDecimals, formatDecimal, parseDecimal, parseSum, zero } from '@oncefold/reducer';
import { handler as keep, orders } from './corrections.md.${firstLine}.ts';
import { handler as add, transactions } from './corrections.md.${secondLine}.ts';

const regions = ['eu', '', 'eu:west', 'a%b', '__proto__', '\\ud800', 'r'.repeat(2_048), 'r'.repeat(2_049), '#', ' '];
const revenues = [
  '12.30', '-0.000000000001', '1e3', '999999999999999999.999999999999',
  '1e30', '1e-13', '0.00000000000000000001', '1'.repeat(19), '1.' + '0'.repeat(100_000) + '1', '', 'NaN', '+5', '.5', '5.',
];
const context = { awsRequestId: 'request', getRemainingTimeInMillis: () => 60_000 };
let count = 0;
const change = (images) => ({
  eventID: 'hostile-' + (count += 1),
  eventName: 'INSERT',
  eventSource: 'aws:dynamodb',
  eventSourceARN: 'arn:aws:dynamodb:eu-central-1:111122223333:table/Orders/stream/2026',
  dynamodb: { ApproximateCreationDateTime: Date.now() / 1000, ...images },
});

const known = orders.items().length;
for (const [at, region] of regions.entries()) {
  for (const [index, revenue] of revenues.entries()) {
    const order = { id: 'hostile-' + at + '-' + index, version: 1, region, revenue };
    await keep({ Records: [{ messageId: order.id, body: JSON.stringify(order) }] }, context);
  }
}
for (const body of ['', '[]', 'null', '{"id":"x"}', '{"id":"y","version":1,"region":"eu","revenue":5}']) {
  await keep({ Records: [{ messageId: 'hostile', body }] }, context);
}
const kept = orders.items().slice(known);
// What can be added is kept: six regions, each with four revenues.
deepStrictEqual(kept.length, 24);

const sumOf = (region) => parseSum(transactions.get('Revenue', { Region: { S: region } })?.Amount.N ?? '0');
const expected = new Map();
for (const { Region, Revenue } of kept) {
  const sum = expected.get(Region.S) ?? sumOf(Region.S);
  expected.set(Region.S, addDecimals(sum, parseDecimal(Revenue.N)));
}
const quarantined = transactions.items('Quarantine').length;
await add({ Records: kept.map((NewImage) => change({ NewImage })) }, context);
deepStrictEqual([...expected.keys()].map((region) => formatDecimal(sumOf(region))), [...expected.values()].map(formatDecimal));
deepStrictEqual(transactions.items('Quarantine').length, quarantined);

const hostile = change({ NewImage: { Region: { S: 'eu:west' }, Revenue: { N: '1e30' } } });
const good = change({ NewImage: { Region: { S: 'net' }, Revenue: { N: '1' } } });
await add({ Records: [hostile, good] }, context);
deepStrictEqual(formatDecimal(sumOf('net') ?? zero), '1');
deepStrictEqual(transactions.items('Quarantine').length > quarantined, true);
`,
});

let project: ExampleProject;
beforeAll(async () => {
  project = await createExampleProject();
});
afterAll(() => project?.remove());

it('keeps nothing that the fold behind it cannot add, and quarantines what others have written', async () => {
  if (first === undefined || second === undefined) {
    throw new Error(`${FILE} has no two blocks of TypeScript.`);
  }
  // Each is a module that the last one imports by its place in the document.
  expect(await project.run(first, `${first.text}\nexport { orders };\n`)).toBeUndefined();
  expect(await project.run(second, `${second.text}\nexport { transactions };\n`)).toBeUndefined();
  const both = bothFunctions(first, second);
  expect(await project.run(both, both.text)).toBeUndefined();
});
