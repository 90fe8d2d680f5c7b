/** Does nothing, so that what is measured is the runtime around it. */
export async function handler() {}
