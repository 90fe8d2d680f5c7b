/** Two measurements, taken one right after the other, in the figure's unit. */
export interface Pair {
  readonly subject: number;
  readonly reference: number;
}

/** The outcome of measuring a figure. */
export interface Measurement {
  /** One for each round, at least one. */
  readonly pairs: readonly Pair[];
  /** What else is worth keeping, such as the points of a curve; goes into the results as it is. */
  readonly details?: unknown;
}

/** The most that a figure is to be: of the ratio of subject to reference, of the difference between them, or of the subject alone. */
export interface Goal {
  readonly of: 'ratio' | 'difference' | 'subject';
  readonly max: number;
}

/** Something that is measured, together with what it is compared with. */
export interface Figure {
  /** Such as `request-token-1000`: names it on the command line, in the results and on the page. */
  readonly name: string;
  /** What is measured, as the page says it. */
  readonly title: string;
  /** What it is measured against, in the same run. */
  readonly reference: string;
  /** Of subject and reference, such as `µs a record`. */
  readonly unit: string;
  readonly goal: Goal;
  /** Whether the quick form leaves it out, because it cannot be short. */
  readonly fullOnly?: boolean;
  measure(options: MeasureOptions): Promise<Measurement>;
}

export interface MeasureOptions {
  /** Whether it is to take a few seconds only. */
  readonly quick: boolean;
}
