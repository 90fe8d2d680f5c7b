/** Whom the ARN of a table or of its stream names. */
export interface ArnOwner {
  readonly region: string;
  readonly accountId: string;
}

/** Up to the account; the rest of an ARN says which table. */
const DYNAMODB_ARN = /\barn:(?<partition>aws[a-z-]*):dynamodb:(?<region>[\w-]*):(?<accountId>\d*):/g;

/** The owner of the first ARN in a text. */
export function ownerIn(text: string): ArnOwner | undefined {
  const [match] = text.matchAll(DYNAMODB_ARN);
  return match?.groups as (ArnOwner & Record<string, string>) | undefined;
}

/** Gives the ARNs of one owner, or of every, to another. */
export function withOwner(
  text: string,
  { from, to }: { readonly from?: ArnOwner; readonly to: ArnOwner },
): string {
  return text.replace(DYNAMODB_ARN, (arn, partition: string, region: string, accountId: string) => {
    const isOther = from !== undefined && (from.region !== region || from.accountId !== accountId);
    return isOther ? arn : `arn:${partition}:dynamodb:${to.region}:${to.accountId}:`;
  });
}
