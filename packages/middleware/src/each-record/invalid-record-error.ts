import type { Refusal } from '../quarantine/index.ts';

/** A literal, as metrics and alarms take it. */
const REASON = /^[a-z][a-z0-9-]{0,63}$/;

/** Says that a record cannot be used, so that it is quarantined alone and the rest of the batch goes on. */
export class InvalidRecordError extends Error implements Refusal {
  override readonly name = 'InvalidRecordError';
  readonly code = 'invalid-record';
  readonly reason: string;
  readonly detail: string;

  /**
   * @param reason - a literal of lower-case letters, digits and hyphens
   * @param detail - the name of the field that is wrong, and never a value
   */
  constructor(reason: string, detail = '') {
    if (!REASON.test(reason)) {
      throw new TypeError('InvalidRecordError: reason must be a literal such as unknown-currency');
    }
    super(`The record is refused: ${reason}${detail === '' ? '' : ` at ${detail}`}.`);
    this.reason = reason;
    this.detail = detail;
  }
}
