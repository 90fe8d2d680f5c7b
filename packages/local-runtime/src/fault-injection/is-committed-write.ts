import type { EngineReply, ProxiedRequest } from '../fault-proxy/fault-plan.ts';

const WRITES: ReadonlySet<string> = new Set([
  'BatchWriteItem',
  'DeleteItem',
  'PutItem',
  'TransactWriteItems',
  'UpdateItem',
]);

/**
 * Says whether a request to DynamoDB has written something.
 *
 * @returns true for writes that succeeded; of a batch of statements, when at least one of them did
 */
export function isCommittedWrite({ operation, body }: ProxiedRequest, reply: EngineReply): boolean {
  if (reply.status !== 200) {
    return false;
  }
  if (WRITES.has(operation)) {
    return true;
  }
  switch (operation) {
    case 'ExecuteStatement':
      return isWritingStatement(body);
    case 'ExecuteTransaction':
      return listOf(body['TransactStatements']).some(isWritingStatement);
    case 'BatchExecuteStatement': {
      const answers = listOf(reply.body['Responses']);
      return listOf(body['Statements']).some(
        (statement, index) => isWritingStatement(statement) && !hasError(answers[index]),
      );
    }
    default:
      return false;
  }
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function isWritingStatement(value: unknown): boolean {
  const { Statement: text } = (value ?? {}) as { readonly Statement?: unknown };
  return typeof text === 'string' && !/^\s*(select|exists)\b/i.test(text);
}

function hasError(answer: unknown): boolean {
  return typeof answer === 'object' && answer !== null && 'Error' in answer;
}
