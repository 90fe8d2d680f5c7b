import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startKinesis } from '@oncefold/engines';
import { useDynamoDb } from '@oncefold/engines/vitest';
import type { FaultDecision, RuntimeEvent } from '@oncefold/local-runtime';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { alarmStateAt, type Points } from '../../template/alarm-state.ts';
import { type Overrides, readProjectDocuments } from '../../template/project-template.ts';
import { everyAlarm, resolveAlarms } from '../../template/watched-metrics.ts';
import { type Change, type Production, startProduction } from './production.ts';
import { runRecipe } from './shell.ts';

/** How long a fault is waited for; a limit against hanging. */
const FAULT_TIMEOUT_MS = 120_000;

/** Quick batches and windows: nothing here depends on how long they wait. */
export const quick: Overrides = {
  // A window ends on a full minute of the clock, by default.
  MapTumblingWindowSeconds: '1',
  ReduceTumblingWindowSeconds: '1',
  MapBatchingWindowSeconds: '0',
  ReduceBatchingWindowSeconds: '0',
  FunctionTimeoutSeconds: '10',
};

/** What the tests of a file use: for each test a pipeline with tables and a stream of its own. */
export interface Rehearsal {
  readonly folder: string;
  start(change?: Change): Promise<Production>;
}

/** The answer to a request that a role does not allow. */
export const denied: Exclude<FaultDecision, string> = {
  status: 400,
  body: { __type: 'com.amazon.coral.service#AccessDeniedException', Message: 'is not authorized to perform' },
};

/** Prepares the rehearsals of a file, and ends what they start. */
export function useRehearsal(): Rehearsal {
  const dynamodb = useDynamoDb();
  let folder = '';
  let production: Production | undefined;
  let kinesis: Awaited<ReturnType<typeof startKinesis>> | undefined;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'oncefold-rehearsal-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));
  afterEach(async () => {
    await production?.stop();
    production = undefined;
    await kinesis?.stop();
    kinesis = undefined;
  });
  return {
    get folder() {
      return folder;
    },
    async start(change = {}) {
      kinesis = await startKinesis();
      production = await startProduction(
        { dynamodb: dynamodb.endpoint, kinesis: kinesis.endpoint },
        { ...change, parameters: { ...quick, ...change.parameters }, folder },
      );
      return production;
    },
  };
}

/** One message of a trade; the value is spliced in as text, because JSON.stringify would put it through a float. */
export function trade(
  id: string,
  value: string,
  more: { readonly version?: number; readonly region?: string } = {},
): string {
  const { version = 0, region = 'EMEA' } = more;
  const hierarchy = { RiskType: 'PV', TradeDesk: 'FXSpot', Region: region };
  const fields = { TradeID: id, Version: version, Hierarchy: hierarchy, Timestamp: 1763884800.123456 };
  return JSON.stringify(fields).replace(/^\{/, `{"Value":${value},`);
}

/** So many trades of the value 1, with names of their own. */
export function trades(prefix: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => trade(`${prefix}-${index}`, '1'));
}

/** The sums of so many of {@link trades}. */
export function sumsOf(count: number): Readonly<Record<string, string>> {
  const sum = String(count);
  return { PV: sum, 'PV:FXSpot': sum, 'PV:FXSpot:EMEA': sum, message_count: sum };
}

/** Waits until something has happened in a pipeline that may never become idle. */
export async function until(
  production: Production,
  isWanted: (event: RuntimeEvent) => boolean,
): Promise<void> {
  await expect
    .poll(() => production.events.some(isWanted), { timeout: FAULT_TIMEOUT_MS, interval: 50 })
    .toBe(true);
}

/** How the alarm of a stage or of the pipeline is, some minutes after the functions published what they have. */
export async function alarmState(
  id: string,
  points: Points,
  { minutes = 1, overrides = {} }: { readonly minutes?: number; readonly overrides?: Overrides } = {},
): Promise<'OK' | 'ALARM'> {
  const alarm = resolveAlarms(await readProjectDocuments(), { ...everyAlarm, ...overrides }).get(id);
  if (alarm === undefined) {
    throw new Error(`there is no alarm ${id}`);
  }
  return alarmStateAt(alarm, points, minutes);
}

/** Runs `oncefold check` as the runbook writes it. */
export async function check(
  production: Production,
  folder: string,
): Promise<{
  readonly exact: boolean;
  readonly differences: readonly { readonly key: string; readonly difference: string }[];
}> {
  const { stdout, stderr } = await runRecipe('npm run --silent oncefold -- check --json', production, {
    folder,
  });
  if (stdout === '') {
    throw new Error(`oncefold check did not answer: ${stderr}`);
  }
  return JSON.parse(stdout);
}
