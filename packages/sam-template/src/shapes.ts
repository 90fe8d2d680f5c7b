import { z } from 'zod';

/** Text; a template may give it as a number or a boolean. */
export const text: z.ZodType<string> = z
  .union([z.string(), z.number(), z.boolean()], { error: 'must be text' })
  .transform(String);

/** True or false; a parameter gives it as text. */
export const flag: z.ZodType<boolean> = z.union(
  [z.boolean(), z.enum(['true', 'false']).transform((word) => word === 'true')],
  {
    error: 'must be true or false',
  },
);

/** A whole number in a range; a parameter gives it as text. */
export function wholeNumber(min: number, max: number): z.ZodType<number> {
  const error = `must be a whole number from ${min} to ${max}`;
  return z
    .union(
      [
        z.number(),
        z
          .string()
          .regex(/^-?\d+(?:\.0)?$/)
          .transform(Number),
      ],
      { error },
    )
    .refine((value) => Number.isInteger(value) && value >= min && value <= max, { error });
}

/** -1 for no limit, or a whole number in a range. */
export function unlimitedOr(min: number, max: number): z.ZodType<number> {
  return wholeNumber(-1, max).refine((value) => value === -1 || value >= min, {
    error: `must be -1 or a whole number from ${min} to ${max}`,
  });
}
