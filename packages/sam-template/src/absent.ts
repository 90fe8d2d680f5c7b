/** What takes the place of a value that is not there: `AWS::NoValue`, or something that only AWS knows. */
export const ABSENT: unique symbol = Symbol('absent');
