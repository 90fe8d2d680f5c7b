import type { InvocationAnswer } from '../application.ts';
import type { NetworkCall } from '../network/network.ts';
import type { InvocationResult, SimulatedFunction } from './lambda.ts';

/** An invocation that is no mapping's: whoever asks for it waits for the answer, as the operation Invoke of Lambda has it. */
export function invocationCall(
  target: SimulatedFunction,
  options: { readonly functionName: string; readonly payload: string; readonly caller: string },
): NetworkCall<InvocationAnswer> {
  const { functionName, payload, caller } = options;
  const request = { payload, poller: caller, shard: '', records: [], attempt: 1, isRedelivery: false };
  return {
    summary: `Invoke ${functionName}`,
    begin: (done) => target.invoke(request, (result) => done(() => answerOf(result))),
    failures: {
      throttled: () => raise('TooManyRequestsException'),
      conflict: () => raise('ResourceConflictException'),
      serverError: () => raise('ServiceException'),
      timeout: () => raise('TimeoutError'),
      unreadable: () => {
        throw new SyntaxError('Unexpected end of JSON input');
      },
    },
  };
}

function answerOf(result: InvocationResult): InvocationAnswer {
  switch (result.code) {
    case 'succeeded':
      return { Payload: result.responseText };
    case 'failed': {
      const { errorType, errorMessage } = result;
      return { FunctionError: 'Unhandled', Payload: JSON.stringify({ errorType, errorMessage }) };
    }
    case 'throttled':
      return raise('TooManyRequestsException');
  }
}

function raise(name: string): never {
  throw Object.assign(new Error(`Lambda has not answered the invocation: ${name}`), { name });
}
