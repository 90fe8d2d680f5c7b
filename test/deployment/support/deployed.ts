import { join } from 'node:path';
import { writeEmulatedTemplate } from './emulated-template.ts';
import type { Emulator } from './emulator.ts';
import { findPipeline, type Pipeline } from './pipeline.ts';
import { createProducer, type Producer } from './producer.ts';
import { createStack, type Parameters, type Stack } from './stack.ts';

/** A stack with its pipeline, and a producer of its own. */
export interface Deployed {
  readonly stack: Stack;
  readonly pipeline: Pipeline;
  readonly producer: Producer;
}

const built = join(import.meta.dirname, '..', '..', '..', '.aws-sam', 'build', 'template.yaml');

/** What `sam build` made, as the emulator takes it. */
export function emulatedTemplate(emulator: Emulator): ReturnType<typeof writeEmulatedTemplate> {
  return writeEmulatedTemplate(built, join(emulator.folder, 'template'));
}

export async function deployStack(
  emulator: Emulator,
  { name, template, parameters }: { name: string; template: string; parameters: Parameters },
): Promise<Deployed> {
  const stack = createStack(emulator, { name, template });
  await stack.deploy(parameters);
  const pipeline = await findPipeline(emulator, stack);
  return { stack, pipeline, producer: createProducer(name, pipeline) };
}
