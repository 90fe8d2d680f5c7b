import { redrive, type Strategy } from '@oncefold/commit';
import type { PlantedDefect } from './planted-defect.ts';

/** A guard that takes part of another one's. */
function opening(strategy: Strategy, change: (session: ReturnType<Strategy['open']>) => object): Strategy {
  return {
    ...strategy,
    open: (batch, invocation) => {
      const session = strategy.open(batch, invocation);
      return { ...session, ...change(session) };
    },
  };
}

/** Commits without markers. */
function unmarked({ guard }: ReturnType<Strategy['open']>): object {
  return { guard: (...given: Parameters<typeof guard>) => ({ ...guard(...given), actions: [] }) };
}

/** What would make a redrive, or what functions do for it, wrong. */
export const redriveDefects: readonly PlantedDefect[] = [
  {
    name: 'a redrive that looks for no range markers',
    seeds: 2,
    kinds: ['doubled'],
    parts: {
      redriveStrategy: (options) => {
        const read: typeof options.reader.read = async (keys) =>
          (await options.reader.read(keys)).map((item) => (item?.['Last'] === undefined ? item : undefined));
        return redrive({ ...options, reader: { read } });
      },
    },
  },
  {
    name: 'a redrive that leaves the position where it is',
    seeds: 30,
    kinds: ['lost', 'doubled'],
    parts: {
      redriveStrategy: (options) =>
        opening(redrive(options), () => ({ opening: () => undefined, onOpened: undefined })),
    },
  },
  {
    name: 'a redrive without markers of its own',
    seeds: 1,
    kinds: ['doubled'],
    parts: {
      redriveStrategy: (options) => opening(redrive(options), unmarked),
    },
  },
  {
    name: 'a redrive that hands the batch to the guard of the mapping',
    seeds: 10,
    kinds: ['lost', 'doubled'],
    parts: { redriveStrategy: (_, own) => own },
  },
  {
    name: 'a redrive that applies the whole batch',
    seeds: 1,
    kinds: ['doubled'],
    parts: {
      redriveStrategy: (options) =>
        opening(redrive(options), (session) => ({ ...unmarked(session), find: undefined })),
    },
  },
  {
    name: 'a redrive that knows of no rebuild',
    seeds: 9,
    kinds: ['doubled', 'wrong', 'lost'],
    parts: { readRecounts: (read) => async () => ({ ...(await read()), repairs: [] }) },
  },
  {
    name: 'a redrive that is noted before the function has answered',
    seeds: 5,
    kinds: ['lost'],
    parts: {
      failedBatches: (bucket) => ({
        ...bucket,
        read: async (key) => {
          const text = await bucket.read(key);
          await bucket.write(`oncefold/redriven/${key}.json`, '{}');
          return text;
        },
      }),
    },
  },
  {
    name: 'a redrive that takes no answer for a success',
    seeds: 10,
    kinds: ['lost', 'doubled'],
    parts: {
      invoke: (invoke) => async (name, payload) => {
        const { Records } = JSON.parse(payload) as { readonly Records: readonly unknown[] };
        const done = {
          Payload: JSON.stringify({ redriven: { applied: Records.length, alreadyApplied: 0 } }),
        };
        try {
          const answer = await invoke(name, payload);
          return answer.FunctionError === undefined || !answer.Payload.includes('Runtime.ExitError')
            ? answer
            : done;
        } catch {
          return done;
        }
      },
    },
  },
  {
    name: 'a rebuild that repairs while a request of a batch that was given up may be on its way',
    seeds: 593,
    faults: ['lands-late', 'crash-before-request'],
    kinds: ['doubled'],
    parts: { recountLimits: { settleMs: 0 } },
  },
  {
    name: 'a rebuild that does not tell which rows it has left alone',
    seeds: 435,
    faults: ['crash-at-start', 'crash-before-request'],
    kinds: ['doubled', 'lost', 'wrong'],
    parts: {
      readRecounts: (read) => async () => {
        const state = await read();
        return { ...state, repairs: state.repairs.map(({ except: _, ...repair }) => repair) };
      },
    },
  },
];
