import type { z } from 'zod';
import type { ComparisonReport } from './comparison-report.ts';
import type { comparisonReportShape } from './report-schema.ts';

/** The same type, without `readonly`. */
type Writable<T> = T extends object ? { -readonly [Key in keyof T]: Writable<T[Key]> } : T;
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

/** A field of the report that the schema does not know would make every report with it unwritable. */
export const schemaKnowsEveryField: Same<
  Writable<z.output<typeof comparisonReportShape>>,
  Writable<ComparisonReport>
> = true;
