// Goal: the events for `sam local invoke` look like what Lambda sends.
// Method: the SAM CLI makes examples of its own; ours must have every field that those have.
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..', '..');

const time = 'Records.dynamodb.ApproximateCreationDateTime';

describe('the files in events/', () => {
  it.each([
    ['state', ['kinesis', 'get-records'], []],
    // A time that is written down would one day be older than the retention of a ledger, which refuses the record then.
    ['map', ['dynamodb', 'update'], [time]],
    // The stream of ReduceTable has new images only.
    ['reduce', ['dynamodb', 'update'], [time, 'Records.dynamodb.OldImage']],
    ['generator', ['cloudwatch', 'scheduled-event'], []],
    ['scoreboard', ['sqs', 'receive-message'], []],
  ])('%s.json has the fields that sam local generate-event %j makes', async (name, kind, without) => {
    const sam = join(root, 'scripts', 'sam.sh');
    const { stdout } = await promisify(execFile)(sam, ['local', 'generate-event', ...kind], { cwd: root });
    const own = fieldsOf(JSON.parse(await readFile(join(root, 'events', `${name}.json`), 'utf8')));
    const expected = [...fieldsOf(JSON.parse(stdout))];
    expect(expected.length).toBeGreaterThan(7);
    expect(expected.filter((field) => !own.has(field))).toEqual(without);
  });
});

/** Paths of all fields; items of tables are content, not shape. */
function fieldsOf(value: unknown, path: readonly string[] = []): Set<string> {
  if (typeof value !== 'object' || value === null) {
    return new Set();
  }
  if (Array.isArray(value)) {
    return new Set(value.flatMap((part) => [...fieldsOf(part, path)]));
  }
  return new Set(
    Object.entries(value).flatMap(([key, part]) => {
      const field = [...path, key];
      const isContent = ['Keys', 'NewImage', 'OldImage'].includes(key);
      return [field.join('.'), ...(isContent ? [] : fieldsOf(part, field))];
    }),
  );
}
