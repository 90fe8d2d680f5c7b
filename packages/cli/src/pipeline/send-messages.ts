import { RefusedMessagesError, sendMessages as send } from '@oncefold/workshop/generator';
import { CouldNotRunError } from '../command-line/could-not-run-error.ts';

/** Sends messages to a stream as the workshop's generator does. */
export async function sendMessages(options: Parameters<typeof send>[0]): Promise<void> {
  try {
    await send(options);
  } catch (error) {
    if (!(error instanceof RefusedMessagesError)) {
      throw error;
    }
    throw new CouldNotRunError(error.message, { cause: error });
  }
}
