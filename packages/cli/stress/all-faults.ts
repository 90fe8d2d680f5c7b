/**
 * Sends trades through `oncefold up` under every kind of fault, and compares every sum with the truth of the load.
 *
 *     pnpm --filter @oncefold/cli stress [--messages 24000] [--leaves 2880] [--seed 7] [--map-strategy checkpoint]
 *       [--reduce-strategy ledger] [--engine auto]
 *
 * It takes minutes, which is why no test does it. It ends with 0 when every sum is exact and no guard was found violated.
 */
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { faultKinds } from '@oncefold/local-runtime';
import { createDimensions, createWorkload, type Truth, truthOf } from '@oncefold/workshop';
import { connect, type Producer } from '../test/support/outside-producer.ts';
import { startOncefold } from '../test/support/run-oncefold.ts';

const { values } = parseArgs({
  options: {
    messages: { type: 'string', default: '24000' },
    leaves: { type: 'string', default: '2880' },
    seed: { type: 'string', default: '7' },
    'map-strategy': { type: 'string', default: 'checkpoint' },
    'reduce-strategy': { type: 'string', default: 'ledger' },
    engine: { type: 'string', default: 'auto' },
  },
});

/** Probabilities that make each kind happen often; the pollers of `two-pollers` poll all the time. */
const chances: Readonly<Record<keyof typeof faultKinds, string>> = {
  'kill-after-commit': '=0.01',
  'lost-reply': '=0.02',
  throttle: '=0.02',
  redeliver: '=0.1',
  regroup: '=0.1',
  'late-retry': '=0.05',
  'two-pollers': '',
};
/** Exact sums must stay so for as long as the latest redelivery may take. */
const EXACT_FOR_MS = 45_000;
/** Sums that are wrong and do not change any more will not come right. */
const UNCHANGED_FOR_MS = 90_000;
const DRAINED_WITHIN_MS = 30 * 60_000;
const POLL_MS = 2_000;
const MESSAGE_COUNT = 'message_count';
const WRONG_SHOWN_MAX = 10;

/** An aggregate that is not what the load adds up to. */
interface WrongSum {
  readonly node: string;
  readonly expected: string;
  readonly actual: string;
}

const dimensions = createDimensions({ levels: 3, leaves: Number(values.leaves) });
const workload = createWorkload({
  messages: Number(values.messages),
  seed: Number(values.seed),
  startMilliseconds: Date.now(),
  dimensions,
});
const messages = workload.calls.flatMap((call) => call.messages);
const truth = truthOf(messages, dimensions);
const overrides = {
  HierarchyDimensions: dimensions.map(({ name }) => name).join(','),
  MapStrategy: values['map-strategy'],
  ReduceStrategy: values['reduce-strategy'],
};
const faults = Object.entries(chances).map(([kind, chance]) => `${kind}${chance}`);

const startedAt = performance.now();
const pipeline = startOncefold([
  ...['up', '--json', '--engine', values.engine],
  ...['--fault', [...faults, `seed=${values.seed}`].join(',')],
  ...Object.entries(overrides).flatMap(([name, value]) => ['--parameter-overrides', `${name}=${value}`]),
]);
const producer = connect(await pipeline.line(() => true));
try {
  say(`sending ${messages.length} messages for ${truth.nodes.size + 1} aggregates`);
  await producer.send(messages.map(({ data }) => data));
  say('sent; waiting until nothing changes any more');
  const wrong = await drain(producer, truth);
  await report(wrong);
} finally {
  producer.close();
  pipeline.process.kill('SIGTERM');
  await pipeline.ended;
}

/** Waits until the sums are exact and stay so, or are wrong and stay so; tells which are wrong. */
async function drain(from: Producer, expected: Truth): Promise<readonly WrongSum[]> {
  let last = '';
  let changedAt = performance.now();
  for (;;) {
    const sums = await from.sums();
    const wrong = wrongSums(sums, expected);
    const text = JSON.stringify([...sums].sort());
    const now = performance.now();
    if (text !== last) {
      last = text;
      changedAt = now;
      say(`${wrong.length} of ${expected.nodes.size + 1} aggregates are not yet right`);
    }
    const patienceMs = wrong.length === 0 ? EXACT_FOR_MS : UNCHANGED_FOR_MS;
    if (now - changedAt >= patienceMs || now - startedAt >= DRAINED_WITHIN_MS) {
      return wrong;
    }
    await sleep(POLL_MS);
  }
}

/** How many changes are applied depends on the order of arrival; the truth has bounds for it. */
function wrongSums(sums: ReadonlyMap<string, string>, expected: Truth): readonly WrongSum[] {
  const { least, most } = expected.applied;
  const count = sums.get(MESSAGE_COUNT) ?? '0';
  const names = new Set([...expected.nodes.keys(), ...sums.keys()]);
  names.delete(MESSAGE_COUNT);
  const nodes = [...names].map((node) => ({
    node,
    expected: expected.nodes.get(node) ?? '0',
    actual: sums.get(node) ?? '0',
  }));
  return [
    ...nodes.filter((each) => each.expected !== each.actual),
    ...(Number(count) >= least && Number(count) <= most
      ? []
      : [{ node: MESSAGE_COUNT, expected: `${least} to ${most}`, actual: count }]),
  ];
}

async function report(wrong: readonly WrongSum[]): Promise<void> {
  pipeline.process.kill('SIGTERM');
  const { stdout, stderr } = await pipeline.ended;
  const folder = await mkdtemp(join(tmpdir(), 'oncefold-stress-'));
  await writeFile(join(folder, 'up.log'), stderr);
  const violations = stderr.split('\n').filter((line) => line.includes('failed: GuardViolationError'));
  const { faults: injected } = JSON.parse(stdout.trim().split('\n').at(-1) ?? '{}');
  say(`faults: ${JSON.stringify(injected?.counts ?? {})}`);
  for (const { node, expected, actual } of wrong.slice(0, WRONG_SHOWN_MAX)) {
    say(`wrong: ${node} is ${actual} and should be ${expected}`);
  }
  for (const line of violations.slice(0, WRONG_SHOWN_MAX)) {
    say(line);
  }
  say(`${wrong.length} of ${truth.nodes.size + 1} aggregates wrong, ${violations.length} guard violations`);
  say(`log of the functions: ${join(folder, 'up.log')}`);
  const never = Object.keys(faultKinds).filter((kind) => !(kind in (injected?.counts ?? {})));
  if (never.length > 0) {
    say(`never injected, so nothing is shown about it: ${never.join(', ')}`);
  }
  process.exitCode = wrong.length === 0 && violations.length === 0 && never.length === 0 ? 0 : 1;
}

function say(text: string): void {
  const seconds = Math.round((performance.now() - startedAt) / 1_000);
  process.stdout.write(`${String(seconds).padStart(5)} s  ${text}\n`);
}
