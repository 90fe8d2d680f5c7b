import type { Parameters } from './stack.ts';

/**
 * What the emulator needs: it has no tumbling windows, without which `checkpoint` cannot work, and runs the Node.js of this
 * machine.
 */
export const emulatedParameters: Parameters = {
  MapStrategy: 'ledger',
  ReduceStrategy: 'ledger',
  StreamShardCount: '2',
  FormerKeys: 'false',
};
