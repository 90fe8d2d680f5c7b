/** What two things gave that were done one right after the other. */
export interface Round<Subject, Reference> {
  readonly subject: Subject;
  readonly reference: Reference;
}

/**
 * Does two things once a round, and begins with the one and with the other by turns: a machine that becomes slower does so for both.
 *
 * @param works - each is given the number of the round, from 0
 */
export async function alternate<Subject, Reference>(
  rounds: number,
  works: {
    readonly subject: (round: number) => Promise<Subject>;
    readonly reference: (round: number) => Promise<Reference>;
  },
): Promise<readonly Round<Subject, Reference>[]> {
  const done: Round<Subject, Reference>[] = [];
  for (let round = 0; round < rounds; round += 1) {
    if (round % 2 === 0) {
      const subject = await works.subject(round);
      done.push({ subject, reference: await works.reference(round) });
    } else {
      const reference = await works.reference(round);
      done.push({ subject: await works.subject(round), reference });
    }
  }
  return done;
}
