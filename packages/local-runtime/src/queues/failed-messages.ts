/** Messages that a function has not processed. */
export interface FailedMessages {
  readonly failed: ReadonlySet<string>;
  /** Why an answer fails the whole batch that does not say so, as the predicate of a sentence about the answer. */
  readonly why?: string;
}

/**
 * Reads which messages a function that reports batch item failures has not processed.
 *
 * A null or empty answer or list means none. An answer that is no JSON object, and an identifier that is empty, null, under a wrong key or
 * of no message in the batch, mean all: what nobody has named as done is not deleted.
 *
 * @param answer - what the function answered, JSON text
 * @param messageIds - of the batch
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html#services-sqs-batchfailurereporting
 */
export function readFailedMessages(answer: string, messageIds: readonly string[]): FailedMessages {
  const all = new Set(messageIds);
  let response: unknown;
  try {
    response = JSON.parse(answer === '' ? 'null' : answer);
  } catch {
    return { failed: all, why: 'is no JSON' };
  }
  if (response === null) {
    return { failed: new Set() };
  }
  if (typeof response !== 'object' || Array.isArray(response)) {
    return { failed: all, why: 'is no JSON object' };
  }
  const failures = (response as { readonly batchItemFailures?: unknown }).batchItemFailures ?? [];
  if (!Array.isArray(failures)) {
    return { failed: all, why: 'has batchItemFailures that are no list' };
  }
  const failed = new Set(
    failures.map((failure: { readonly itemIdentifier?: unknown } | null) => failure?.itemIdentifier),
  );
  return isSubset(failed, all)
    ? { failed }
    : { failed: all, why: 'reports an itemIdentifier that is no messageId of the batch' };
}

function isSubset(found: ReadonlySet<unknown>, all: ReadonlySet<string>): found is ReadonlySet<string> {
  return [...found].every((id) => all.has(id as string));
}
