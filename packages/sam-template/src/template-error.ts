/** A template that CloudFormation or SAM would refuse, or a parameter that the template refuses. */
export class TemplateError extends Error {
  override readonly name = 'TemplateError';
  readonly code = 'invalid-template';
  /** Where it was found, such as `Resources.MapFunction.Properties.Timeout`. */
  readonly where: string;
  readonly problem: string;

  constructor(where: string, problem: string, options?: ErrorOptions) {
    super(`${where}: ${problem}`, options);
    this.where = where;
    this.problem = problem;
  }
}
