/**
 * Parses what a function answered.
 *
 * A `bootstrap` of one's own may answer with what is no JSON, which Lambda hands on as it is: then it is the text itself.
 *
 * @param payload - null when it is empty
 */
export function parseAnswer(payload: string): unknown {
  try {
    return JSON.parse(payload === '' ? 'null' : payload);
  } catch {
    return payload;
  }
}
