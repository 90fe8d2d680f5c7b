import { StartError } from '@oncefold/local-runtime/published-types';
import { whyTooOld } from '../command-line/check-node-version.ts';

/**
 * Refuses a Node.js that is too old before an engine is waited for that it could never reach.
 *
 * @throws {@link StartError} with the version that is needed
 */
export function refuseOldNode(): void {
  const reason = whyTooOld(process.versions.node);
  if (reason !== undefined) {
    throw new StartError(reason, { code: 'node-too-old' });
  }
}
