import type { Figure } from '../figure.ts';
import { microsecondsEach } from '../measure/microseconds-each.ts';
import { runPipeline } from '../pipeline/run-pipeline.ts';

/** What the local runtime itself costs while it feeds the pipeline: reading streams, making events, handing them over. */
export const runtimeCpu: Figure = {
  name: 'runtime-cpu',
  title: 'CPU of the local runtime, whole pipeline, from ready to the last commit',
  reference: "the functions' CPU in the same run",
  unit: 'µs a message',
  goal: { of: 'ratio', max: 0.4 },
  async measure({ quick }) {
    const messages = quick ? 2_000 : 10_000;
    const rounds = quick ? 1 : 3;
    const pairs = [];
    for (let seed = 1; seed <= rounds; seed += 1) {
      const run = await runPipeline({ messages, seed });
      pairs.push({
        subject: microsecondsEach(run.runtimeCpuSeconds, messages),
        reference: microsecondsEach(run.functionsCpuSeconds, messages),
      });
    }
    return { pairs, details: { messages } };
  },
};
