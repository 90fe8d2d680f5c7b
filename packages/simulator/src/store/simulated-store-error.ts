/** The simulated store was asked for what it does not know; a guess would make histories that DynamoDB does not have. */
export class SimulatedStoreError extends Error {
  override readonly name = 'SimulatedStoreError';
  readonly code = 'not-simulated';
}
