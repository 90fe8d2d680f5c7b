/**
 * Starts an application in a process of its own, as a test does, and prints how long that took from the process's beginning.
 *
 *     node bench/src/runtime/start-once.ts TEMPLATE
 *
 * Prints, as JSON, in milliseconds since the process began, when each phase had ended, and the CPU seconds of each process until then.
 */
import { askCpuSeconds, type StartedApplication, startApplication } from '@oncefold/local-runtime';

const [template = ''] = process.argv.slice(2);
const loadedMs = performance.now();
let deployedMs = 0;
const started: StartedApplication = await startApplication({
  template,
  onDeployed: async () => {
    deployedMs = performance.now();
  },
});
const readyMs = performance.now();
const secondsOf = async (pid: number): Promise<number> => (await askCpuSeconds(pid)) ?? 0;
const engines = await Promise.all(
  started.engines.started.map(async ({ name, pid }) => [name, await secondsOf(pid)] as const),
);
const functions = await Promise.all([...started.running.functions.values()].map((each) => each.cpuSeconds()));
const cpuSeconds = {
  runtime: await secondsOf(process.pid),
  ...Object.fromEntries(engines),
  functions: functions.reduce((sum, each) => sum + each, 0),
};
await started.stop();
process.stdout.write(JSON.stringify({ loadedMs, deployedMs, readyMs, cpuSeconds }));
process.exit(0);
