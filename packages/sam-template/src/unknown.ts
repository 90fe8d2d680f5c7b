/** Stands for a value that only AWS could compute. */
export class Unknown {
  /** One sentence without a stop. */
  readonly what: string;
  /** What a person can do where the value is needed. */
  readonly remedy: string;

  constructor(
    what: string,
    remedy = 'only AWS knows it; take the value from a parameter, and give that with --parameter-overrides',
  ) {
    this.what = what;
    this.remedy = remedy;
  }
}
