// Goal: applications as teams write them, in JavaScript and TypeScript, run unchanged.
// Method: each application of this folder in processes of its own; plain SDK clients write to it and read what it has made of that.
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { build } from 'esbuild';
import { describe, expect, it, onTestFinished } from 'vitest';
import { applications, runApplication } from './support/run-application.ts';

describe('an application in Node.js', () => {
  it('may name an API that SAM makes, take a callback, and use all packages that Lambda brings', async () => {
    const { write, items, application } = await runApplication('api-with-stream/template.yaml');
    await write('Visits', { page: '/' });
    expect(await items('Counts')).toEqual([{ function: 'CountFunction', id: '/' }]);
    expect(application.functions.map(({ logicalId }) => logicalId)).toEqual(['CountFunction']);
    expect(application.invocations()).toMatchObject([{ functionId: 'CountFunction', outcome: 'succeeded' }]);
  });

  it('is read as the SAM CLI reads its YAML', async () => {
    const { send, items } = await runApplication('lenient-yaml/template.yaml');
    await send('Lines', 'one');
    // Of two timeouts the last one holds.
    expect(await items('kept-us-east-1')).toEqual([{ id: 'one', seconds: '7' }]);
  });

  it('may be written with the language extensions', async () => {
    const { write, items } = await runApplication('language-extensions/template.yaml');
    await write('Orders', { id: '1' });
    await write('Refunds', { id: '2' });
    expect(await items('Seen')).toEqual([
      { batchSize: '5', id: 'Orders/1' },
      { batchSize: '7', id: 'Refunds/2' },
    ]);
  });

  it('sees the first record that is sent when it is ready, wherever it begins', async () => {
    const { application, send, write, items } = await runApplication('starting-positions/template.yaml');
    await send('Ticks', 'a', 'b', 'c');
    await write('Prices', { id: 'p' });
    const expected = ['HorizonFunction', 'LatestFunction', 'TimestampFunction'].flatMap((name) =>
      ['a', 'b', 'c'].map((text) => `${name} ${text}`),
    );
    expect((await items('Seen')).map(({ id }) => id)).toEqual([...expected, 'LatestFunction p'].sort());
    expect(application.invocations().every(({ attempt }) => attempt === 1)).toBe(true);
  });

  it('gets the records whose array has an element that matches as a whole', async () => {
    const { send, items } = await runApplication('array-filters/template.yaml');
    const basket = (name: string, ...rows: readonly object[]): string =>
      JSON.stringify({ basket: name, rows });
    await send(
      'Baskets',
      basket('dear tea', { sku: 'milk', price: 1 }, { sku: 'tea', price: 11 }),
      basket('cheap tea beside dear milk', { sku: 'tea', price: 2 }, { sku: 'milk', price: 12 }),
      basket('nothing'),
    );
    expect(await items('Kept')).toEqual([{ id: 'dear tea' }]);
  });

  it('runs what `sam build` made of a project whose package is a module', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'oncefold-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    await cp(join(applications, 'built-modules'), folder, { recursive: true });
    await buildAsSamDoes(folder);
    const { send, items } = await runApplication(join(folder, 'template.yaml'));
    await send('Lines', 'one');
    expect(await items('Kept')).toEqual([{ id: 'one' }]);
  });

  it('is told by name which service is not emulated', async () => {
    const { application, send } = await runApplication('sdk-on-board/template.yaml');
    await send('Lines', 'one');
    expect(application.invocations()).toMatchObject([
      { outcome: 'failed', error: { errorType: 'ServiceNotEmulatedException' } },
      { outcome: 'failed' },
    ]);
  });

  it('reaches a service that stands elsewhere', async () => {
    const sent: unknown[] = [];
    const bus = await serve((body) => {
      sent.push(body);
      return { FailedEntryCount: 0, Entries: [{ EventId: '1' }] };
    });
    const environment = { AWS_ENDPOINT_URL_EVENTBRIDGE: bus };
    const { send, items } = await runApplication('sdk-on-board/template.yaml', { environment });
    await send('Lines', 'one');
    expect(await items('Told')).toEqual([{ FailedEntryCount: '0', id: 'one' }]);
    expect(sent).toMatchObject([{ Entries: [{ Source: 'test', DetailType: 'line' }] }]);
  });
});

/** What `sam build` leaves for `BuildMethod: esbuild`: the bundle under its entry's own name, and a template that says so. */
async function buildAsSamDoes(folder: string): Promise<void> {
  const out = join(folder, '.aws-sam', 'build');
  await build({
    entryPoints: [join(folder, 'src/streams/keep.ts')],
    outfile: join(out, 'KeepFunction', 'keep.js'),
    bundle: true,
    platform: 'node',
    format: 'cjs',
    external: ['@aws-sdk/*'],
  });
  const template = await readFile(join(folder, 'template.yaml'), 'utf8');
  await mkdir(out, { recursive: true });
  await writeFile(
    join(out, 'template.yaml'),
    template
      .replace('Handler: streams/keep.handler', 'Handler: keep.handler')
      .replace('CodeUri: src', 'CodeUri: KeepFunction'),
  );
}

/** A service of somebody else, which takes and answers JSON. */
async function serve(answer: (body: unknown) => object): Promise<string> {
  const server = createServer(async (request, response) => {
    const body = JSON.stringify(answer(JSON.parse(await text(request))));
    response.writeHead(200, { 'Content-Type': 'application/x-amz-json-1.1' }).end(body);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
