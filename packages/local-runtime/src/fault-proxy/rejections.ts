/** An answer in place of the engine's, in the form that DynamoDB sends. */
export interface Rejection {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

const NAMESPACE = 'com.amazonaws.dynamodb.v20120810#';

/**
 * A request that came too fast; nothing was written.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html
 */
export function throttlingException(): Rejection {
  return {
    status: 400,
    body: {
      __type: 'com.amazon.coral.availability#ThrottlingException',
      message: 'Rate of requests exceeds the allowed throughput.',
    },
  };
}

/** The server failed; whether anything was written, the answer does not say. */
export function internalServerError(): Rejection {
  return {
    status: 500,
    body: { __type: `${NAMESPACE}InternalServerError`, message: 'Internal server error' },
  };
}

/**
 * A transaction that met another write on one of its items; nothing was written.
 *
 * @param actions - how many actions the transaction has, 1 or more
 * @param index - which of them met the other write, from 0
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html
 */
export function transactionConflict(actions: number, index: number): Rejection {
  const codes = Array.from({ length: actions }, (_, at) => (at === index ? 'TransactionConflict' : 'None'));
  return {
    status: 400,
    body: {
      __type: `${NAMESPACE}TransactionCanceledException`,
      CancellationReasons: codes.map((Code) =>
        Code === 'None' ? { Code } : { Code, Message: 'Transaction is ongoing for the item' },
      ),
      Message: `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes.join(', ')}]`,
    },
  };
}
