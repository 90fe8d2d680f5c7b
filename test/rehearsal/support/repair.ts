import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { Production } from './production.ts';
import { recipe } from './runbook.ts';
import { runRecipe } from './shell.ts';

/** Puts the row that the runbook writes, with the differences that the check has found in place of its example. */
export async function repair(
  production: Production,
  folder: string,
): Promise<{ readonly status: number; readonly stderr: string }> {
  const asked = await runRecipe(
    'npm run --silent oncefold -- check --json > differences.json || echo $?',
    production,
    { folder },
  );
  // Different, and not under way.
  expect(asked, asked.stderr).toMatchObject({ status: 0, stdout: '1\n' });
  const { differences } = JSON.parse(readFileSync(join(folder, 'differences.json'), 'utf8')) as {
    differences: { key: string; difference: string }[];
  };
  const missing = differences.map(({ key, difference }) => [key, negated(difference)]);
  const message = JSON.stringify(JSON.stringify(Object.fromEntries(missing)));
  const text = recipe('A stage that lost records', 'put-item').replace(
    /("Message": \{"S": )"(?:\\"|[^"])*"/,
    (_, before) => `${before}${message}`,
  );
  expect(text).toContain(message);
  const put = await runRecipe(text, production, { folder });
  const again = await runRecipe(text, production, { folder });
  // One row, however often.
  expect(again).toMatchObject({ stderr: expect.stringContaining('ConditionalCheckFailedException') });
  return put;
}

function negated(decimal: string): string {
  return decimal.startsWith('-') ? decimal.slice(1) : `-${decimal}`;
}
