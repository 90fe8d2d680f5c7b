import type { RuntimeEvent } from '@oncefold/local-runtime';
import { printable } from '../terminal/printable.ts';

/** Pairs of function and service that are remembered; an application has few. */
const PAIRS_MAX = 1_000;

/** Names each service that a function calls and that is not emulated, once. */
export function createServiceLog(write: (line: string) => void): (event: RuntimeEvent) => void {
  const named = new Set<string>();
  return (event) => {
    if (event.type !== 'unemulated-service-called') {
      return;
    }
    const { functionId, service, operation, variable } = event;
    const pair = `${functionId} ${service}`;
    if (named.has(pair) || named.size >= PAIRS_MAX) {
      return;
    }
    named.add(pair);
    write(
      printable(
        `${functionId} calls ${service} (${operation}), which is not emulated: its requests are refused; ` +
          `set ${variable} with --env-vars to point them elsewhere`,
      ),
    );
  };
}
