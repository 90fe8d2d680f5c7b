/** A record of a table's stream does not bring the images that the function needs; every record of that stream will not. */
export class StreamViewError extends Error {
  override readonly name = 'StreamViewError';
  readonly code = 'wrong-stream-view';
  readonly retryable = false;
  /** Place of the record in the event, from 0. */
  readonly index: number;

  /**
   * @param index - place of the record in the event, from 0
   * @param problem - what the record is and what is wrong with it; never its content
   * @param neededView - the view that the stream must have
   */
  constructor(index: number, problem: string, neededView: string) {
    super(
      `Records[${index}]: ${problem}. Nothing of the batch was committed. Give the table a stream with ` +
        `StreamViewType ${neededView} and map this function to that stream.`,
    );
    this.index = index;
  }
}
