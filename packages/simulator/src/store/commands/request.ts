import { SimulatedStoreError } from '../simulated-store-error.ts';
import type { Execution, MemberThrottle, StoreRequest } from '../store.ts';
import { nameOf, type Slot } from '../store-table.ts';
import { ValidationFault } from '../validation-fault.ts';
import { failuresOf, transactionConflict, validationException } from './service-errors.ts';

/** A command whose parameters have been read. */
export interface Prepared<Answer> {
  readonly slots: readonly Slot[];
  /** Number of members that can fail alone; absent: none. */
  readonly members?: number;
  begin(throttle?: MemberThrottle): Execution<Answer>;
  /** What it is answered by after a transaction conflict; absent: a TransactionConflictException. */
  readonly conflict?: () => Answer;
}

/** Makes a request of a command; what its parameters are refused for is said by its end, as a store does. */
export function requestOf<Answer>(summary: string, prepare: () => Prepared<Answer>): StoreRequest<Answer> {
  let prepared: Prepared<Answer>;
  try {
    prepared = prepare();
  } catch (error) {
    // What is not simulated is no answer of a store: it ends the simulation.
    if (error instanceof SimulatedStoreError) {
      throw error;
    }
    prepared = { slots: [], begin: () => ({ finish: () => raise(error), abandon: () => {} }) };
  }
  const { slots, members = 0, conflict = () => raise(transactionConflict()) } = prepared;
  return {
    summary,
    get items() {
      return slots.map(nameOf);
    },
    members,
    begin: (throttle) => {
      const execution = prepared.begin(throttle);
      return {
        finish: () => {
          try {
            return execution.finish();
          } catch (error) {
            return raise(error);
          }
        },
        abandon: () => execution.abandon(),
      };
    },
    failures: { ...failuresOf(() => raise(transactionConflict())), conflict },
  };
}

/** The execution of a request that holds nothing and does everything at its end. */
export function atOnce<Answer>(finish: () => Answer): Execution<Answer> {
  return { finish, abandon: () => {} };
}

function raise(error: unknown): never {
  throw error instanceof ValidationFault ? validationException(error.message) : error;
}

/**
 * Refuses parameters that are not simulated.
 *
 * @throws {@link SimulatedStoreError} when a parameter is given that is not among the known ones
 */
export function assertKnown(input: object, ...known: readonly string[]): void {
  for (const [name, value] of Object.entries(input)) {
    if (value !== undefined && !known.includes(name)) {
      throw new SimulatedStoreError(`The simulated store does not know the parameter ${name}.`);
    }
  }
}
