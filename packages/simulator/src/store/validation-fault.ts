/** What DynamoDB answers by a ValidationException, or by the reason ValidationError of one member. */
export class ValidationFault extends Error {
  override readonly name = 'ValidationFault';
}
