import {
  type AttributeValue,
  type CancellationReason,
  ConditionalCheckFailedException,
  DynamoDBServiceException,
  IdempotentParameterMismatchException,
  InternalServerError,
  ProvisionedThroughputExceededException,
  ResourceNotFoundException,
  ThrottlingException,
  TransactionCanceledException,
  TransactionConflictException,
  TransactionInProgressException,
} from '@aws-sdk/client-dynamodb';
import type { StoreRequest } from '../store.ts';

const METADATA = { httpStatusCode: 400, attempts: 1, totalRetryDelay: 0 };

/** What every answer says of itself. */
export const answered: {
  readonly $metadata: { httpStatusCode: number; attempts: number; totalRetryDelay: number };
} = {
  $metadata: { httpStatusCode: 200, attempts: 1, totalRetryDelay: 0 },
};

export function validationException(message: string): DynamoDBServiceException {
  return new DynamoDBServiceException({
    name: 'ValidationException',
    $fault: 'client',
    $metadata: METADATA,
    message,
  });
}

export function resourceNotFound(): ResourceNotFoundException {
  return new ResourceNotFoundException({ $metadata: METADATA, message: 'Requested resource not found' });
}

export function conditionalCheckFailed(
  Item: Record<string, AttributeValue> | undefined,
): ConditionalCheckFailedException {
  return new ConditionalCheckFailedException({
    $metadata: METADATA,
    message: 'The conditional request failed',
    ...(Item !== undefined && { Item }),
  });
}

export function transactionConflict(): TransactionConflictException {
  return new TransactionConflictException({
    $metadata: METADATA,
    message: 'Transaction is ongoing for the item',
  });
}

export function transactionCanceled(CancellationReasons: CancellationReason[]): TransactionCanceledException {
  const codes = CancellationReasons.map(({ Code }) => Code).join(', ');
  return new TransactionCanceledException({
    $metadata: METADATA,
    message: `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes}]`,
    CancellationReasons,
  });
}

export function transactionInProgress(): TransactionInProgressException {
  return new TransactionInProgressException({
    $metadata: METADATA,
    message: 'The transaction with the given request token is already in progress.',
  });
}

export function parameterMismatch(): IdempotentParameterMismatchException {
  return new IdempotentParameterMismatchException({
    $metadata: METADATA,
    message: 'The provided ClientRequestToken was used for another request.',
  });
}

/** What DynamoDB answers when it has not one member of a batch processed. */
export function throughputExceeded(): ProvisionedThroughputExceededException {
  return new ProvisionedThroughputExceededException({
    $metadata: METADATA,
    message: 'The level of configured provisioned throughput for the table was exceeded.',
  });
}

/**
 * What a client with one attempt throws when a request was not answered by the store.
 *
 * @param conflict - what it throws after a transaction conflict
 */
export function failuresOf(conflict: () => never): StoreRequest<never>['failures'] {
  return {
    throttled: () => {
      throw new ThrottlingException({
        $metadata: METADATA,
        message: 'Throughput exceeds the current throughput limit.',
      });
    },
    conflict,
    serverError: () => {
      throw new InternalServerError({
        $metadata: { ...METADATA, httpStatusCode: 500 },
        message: 'The request processing has failed because of an unknown error.',
      });
    },
    timeout: () => {
      throw Object.assign(new Error('The request has taken longer than the client waits.'), {
        name: 'TimeoutError',
      });
    },
    unreadable: () => {
      throw new SyntaxError('Unexpected end of JSON input');
    },
  };
}
