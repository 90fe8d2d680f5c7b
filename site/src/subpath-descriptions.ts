/** What is imported from where; a package's own entry is described by its manifest. */
const descriptions: Readonly<Record<string, string>> = {
  'cli/testing': 'A SAM application inside a test, with what happened in it as data.',
  'commit/contract': 'The contract that every adapter of the transaction port passes, as a suite of tests.',
  'commit/dynamodb': 'Transactions on DynamoDB, with the AWS SDK for JavaScript v3.',
  'commit/memory': 'Transactions in memory, as strict as DynamoDB, for tests.',
  'commit/powertools': 'The strategy around Powertools Idempotency, for comparison.',
  'middleware/each-record': 'A fold of one record at a time; invalid records are quarantined alone.',
  'middleware/quarantine': 'The items that keep an invalid record whole, for a fold of your own.',
  'simulator/fault-kinds': 'What can go wrong in a history, by name.',
  'simulator/page': 'Self-contained pages of HTML.',
  'simulator/powertools': 'The strategy around Powertools Idempotency, as a stage of the simulator.',
  'simulator/test-support': 'A headless browser, for tests of pages.',
  'simulator/timeline': 'A history as a page, step by step.',
  'versioned-upsert/dynamodb':
    'Versioned tables on DynamoDB, and the conditional statements that they are made of.',
  'versioned-upsert/memory': 'A versioned table in memory, for tests.',
};

/**
 * @param subpath - without the scope
 * @throws {Error} when it has no description, so that a new subpath gets one
 */
export function subpathDescription(subpath: string): string {
  const description = descriptions[subpath];
  if (description === undefined) {
    throw new Error(`${subpath} has no description in site/src/subpath-descriptions.ts`);
  }
  return description;
}
