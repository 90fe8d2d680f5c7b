import type { Checkpoints, MappingSettings } from '@oncefold/event-source-mapping';
import type { MappingDefinition } from '../application.ts';
import { type Poller, type PollerOptions, pickCheckpoint, startPoller } from './poller.ts';

/** Pollers that one mapping has in one history. */
const POLLERS_MAX = 5;
/** Longest time for which two pollers read the same shards, in milliseconds. */
const OVERLAP_MS_MAX = 90_000;
/** The stream is looked at for new shards when one ends; between that, so seldom. */
const SHARD_LIST_INTERVAL_MS = 60 * 60 * 1000;
/** Pause between two reads that find nothing, and how long a window is kept open for them; AWS has 250 ms and 2 minutes. */
const POLL_INTERVAL_MS = 1_000;
const WINDOW_QUIET_MS = 5_000;
/** Batches that a poller may deliver late. */
const REMEMBERED_BATCHES_MAX = 4;

type Shared = Omit<PollerOptions, 'id' | 'settings' | 'checkpoints' | 'onInvocationEnded'>;

/** A mapping, and the pollers that serve it one after the other, now and then two at once. */
export interface MappingHost {
  /** What is not done, in words. */
  unfinished(): readonly string[];
  /** What its pollers have met. */
  met(): ReadonlySet<string>;
}

/** Starts a mapping with its first poller. */
export function createMappingHost(options: Shared & { readonly mapping: MappingDefinition }): MappingHost {
  const { mapping, stream, draw, scheduler, faults, onFault } = options;
  const pollers: Poller[] = [];
  const settings = settingsOf(options);

  const start = (checkpoints: Checkpoints): void => {
    const number = pollers.length + 1;
    const id = `poller-${number} of ${stream.name}`;
    const poller: Poller = startPoller({
      ...options,
      id,
      draw: draw.fork('poller', number),
      settings,
      checkpoints,
      onInvocationEnded: () => {
        if (pollers.at(-1) === poller && pollers.length < POLLERS_MAX) {
          takeOver(poller);
        }
      },
    });
    pollers.push(poller);
  };

  /** Another poller begins at older checkpoints, and this one does not know yet. */
  const takeOver = (poller: Poller): void => {
    const struck = faults.strikes('poller-doubled');
    if (struck === undefined) {
      return;
    }
    onFault('poller-doubled', `${mapping.function} of ${stream.name}`);
    const checkpoints = new Map<string, string>();
    for (const [shard, stored] of poller.checkpointsSoFar()) {
      checkpoints.set(shard, pickCheckpoint(struck, stored));
    }
    scheduler.after(struck.fraction() * OVERLAP_MS_MAX, () => poller.stop());
    start(checkpoints);
  };

  start(new Map());
  return {
    unfinished: () => pollers.at(-1)?.unfinished() ?? [],
    met: () => new Set(pollers.flatMap((poller) => [...poller.met])),
  };
}

function settingsOf({ mapping, stream }: Shared & { readonly mapping: MappingDefinition }): MappingSettings {
  const { settings } = mapping;
  return {
    ...settings,
    source: { kind: stream.kind, arn: stream.arn, region: 'us-east-1' },
    functionArn: `arn:aws:lambda:us-east-1:123456789012:function:${mapping.function}`,
    mappingId: '00000000-0000-4000-8000-000000000000',
    startingPosition: 'TRIM_HORIZON',
    behaviour: {
      shardListIntervalMs: SHARD_LIST_INTERVAL_MS,
      rememberedBatchesMax: REMEMBERED_BATCHES_MAX,
      pollIntervalMs: POLL_INTERVAL_MS,
      windowQuietMs: WINDOW_QUIET_MS,
      ...settings.behaviour,
    },
  };
}
