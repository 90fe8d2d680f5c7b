import { ABSENT } from './absent.ts';
import type { Stack } from './stack.ts';
import { TemplateError } from './template-error.ts';
import { Unknown } from './unknown.ts';

/** Computes the outputs of a template. Nothing that runs needs them, so that one that cannot be computed is only reported. */
export function readOutputs({ raw, resolver, report }: Stack): Record<string, string> {
  const outputs: Record<string, string> = {};
  for (const [name, { condition, value }] of raw.outputs) {
    const place = `Outputs.${name}`;
    try {
      if (!resolver.isMet(condition, place)) {
        continue;
      }
      const computed = resolver.compute(value, `${place}.Value`);
      if (computed instanceof Unknown) {
        report(place, computed.what);
      } else if (computed !== ABSENT) {
        outputs[name] = typeof computed === 'object' ? JSON.stringify(computed) : String(computed);
      }
    } catch (error) {
      if (!(error instanceof TemplateError)) {
        throw error;
      }
      report(place, error.problem);
    }
  }
  return outputs;
}
