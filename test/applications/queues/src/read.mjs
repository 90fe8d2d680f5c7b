/** Reads nothing but numbers. */
export const handler = async ({ Records }) => {
  for (const { kinesis } of Records) {
    const text = Buffer.from(kinesis.data, 'base64').toString();
    if (Number.isNaN(Number(text))) {
      throw new Error(`no number: ${text}`);
    }
  }
};
