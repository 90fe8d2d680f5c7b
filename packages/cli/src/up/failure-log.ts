import { formatCounted } from '@oncefold/comparison/format-number';
import type { RuntimeEvent } from '@oncefold/local-runtime';
import { printable } from '../terminal/printable.ts';

/** First so many failures of one kind are shown each; later ones at every power of two. */
const SHOWN_MAX = 10;
/** Kinds with a line of their own; further ones share one. */
const KINDS_MAX = 1_000;
const LINE_LENGTH_MAX = 2_000;

/**
 * Creates a log of what goes wrong in a running application.
 *
 * A function that fails at every batch for a day must neither fill the disk of whoever keeps the log nor block on
 * a pipe that nobody reads: failures of one kind are shown less and less often, with their number.
 */
export function createFailureLog(write: (line: string) => void): (event: RuntimeEvent) => void {
  const counts = new Map<string, number>();
  return (event) => {
    const failure = describe(event);
    if (failure === undefined) {
      return;
    }
    const kind = counts.size < KINDS_MAX || counts.has(failure.kind) ? failure.kind : 'further failures';
    const count = (counts.get(kind) ?? 0) + 1;
    counts.set(kind, count);
    if (count > SHOWN_MAX && !Number.isInteger(Math.log2(count))) {
      return;
    }
    const repeated = count > SHOWN_MAX ? ` (${formatCounted(count, 'time')} so far)` : '';
    write(
      `${new Date(event.at).toISOString()} ${printable(failure.text).slice(0, LINE_LENGTH_MAX)}${repeated}`,
    );
  };
}

function describe(event: RuntimeEvent): { readonly kind: string; readonly text: string } | undefined {
  switch (event.type) {
    case 'invocation-failed': {
      const batch = `${formatCounted(event.records, 'record')} of ${event.shardId}, attempt ${event.attempt}`;
      const text = `${event.functionId} failed: ${event.errorType}: ${event.errorMessage} (${batch})`;
      return { kind: `${event.functionId} ${event.errorType}`, text };
    }
    case 'invocation-succeeded': {
      if (event.itemFailures === 0) {
        return undefined;
      }
      const text = `${event.functionId} reported ${formatCounted(event.itemFailures, 'record')} as failed`;
      return { kind: `${event.functionId} items`, text };
    }
    case 'function-exited': {
      if (event.reason === 'stopped' || event.reason === 'reloaded') {
        return undefined;
      }
      const text = `${event.functionId} (process ${event.pid}) ended: ${event.reason}`;
      return { kind: `${event.functionId} exit`, text };
    }
    case 'function-broken':
      return {
        kind: `${event.functionId} broken`,
        text: `${event.errorMessage}; it is tried again when its code changes`,
      };
    case 'notice':
      return { kind: `${event.functionId} notice`, text: `${event.functionId}: ${event.message}` };
    case 'records-discarded': {
      const text = `${event.mappingId} gave up ${formatCounted(event.records, 'record')} of ${event.shardId}: ${event.condition}`;
      return { kind: `${event.mappingId} discarded`, text };
    }
    case 'delivery-failed': {
      const text = `${event.mappingId} cannot send to ${event.destination.arn}: ${event.errorType}: ${event.errorMessage}`;
      return { kind: `${event.mappingId} ${event.errorType}`, text };
    }
    case 'read-retried': {
      const text = `${event.mappingId} reads ${event.shardId} again: ${event.errorType}: ${event.errorMessage}`;
      return { kind: `${event.mappingId} ${event.errorType}`, text };
    }
    case 'queue-request-retried': {
      const text = `${event.mappingId} repeats ${event.request} of ${event.queueName}: ${event.errorType}: ${event.errorMessage}`;
      return { kind: `${event.mappingId} ${event.errorType}`, text };
    }
    case 'application-failed':
      return {
        kind: 'application',
        text: `the application failed: ${event.errorType}: ${event.errorMessage}`,
      };
    case 'log': {
      const alarm = alarmIn(event.line);
      return (
        alarm && { kind: `${event.functionId} ${alarm.kind}`, text: `${event.functionId}: ${alarm.text}` }
      );
    }
    default:
      return undefined;
  }
}

/** What the logger puts into every line, and what whoever looks at the pipeline knows already. */
const contextKeys = new Set([
  ...['level', 'message', 'timestamp', 'service', 'cold_start', 'sampling_rate', 'xray_trace_id'],
  ...['function_arn', 'function_memory_size', 'function_name', 'function_request_id'],
]);

/** Structured lines say how severe they are; a line of any other form is somebody's cry for help. */
function alarmIn(line: string): { readonly kind: string; readonly text: string } | undefined {
  if (line.trim() === '') {
    return undefined;
  }
  const entry = parseObject(line);
  if (entry === undefined) {
    return { kind: 'log', text: line };
  }
  if ('_aws' in entry) {
    return undefined;
  }
  const level = levelOf(entry['level']);
  if (level === undefined) {
    return { kind: 'log', text: line };
  }
  if (['TRACE', 'DEBUG', 'INFO'].includes(level)) {
    return undefined;
  }
  const messageKey = 'message' in entry ? 'message' : 'msg';
  const message = entry[messageKey];
  const summary = `${level}: ${typeof message === 'string' ? message : JSON.stringify(message)}`;
  const details = Object.entries(entry).filter(([key]) => key !== messageKey && !contextKeys.has(key));
  const rest = details.length === 0 ? '' : ` ${JSON.stringify(Object.fromEntries(details))}`;
  return { kind: summary, text: `${summary}${rest}` };
}

/** Names of the levels that pino and bunyan write as 10, 20 and so on. */
const NUMBERED_LEVELS = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'] as const;

function levelOf(level: unknown): string | undefined {
  if (typeof level === 'number') {
    return NUMBERED_LEVELS[level / 10 - 1] ?? String(level);
  }
  return typeof level === 'string' ? level.toUpperCase() : undefined;
}

function parseObject(line: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const entry: unknown = JSON.parse(line);
    return typeof entry === 'object' && entry !== null ? (entry as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
