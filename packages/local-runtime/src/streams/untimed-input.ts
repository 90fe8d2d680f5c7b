import type { MappingInput } from '@oncefold/event-source-mapping';

type WithoutTime<Input> = Input extends unknown ? Omit<Input, 'now'> : never;

/** An input of a mapping's machine, to which the driver adds the time. */
export type UntimedInput = WithoutTime<MappingInput>;
