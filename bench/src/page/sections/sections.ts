import type { LatencyDetails } from '../../figures/latency.ts';
import type { ModelDetails } from '../../figures/model-prediction.ts';
import type { WriteUnitDetails } from '../../figures/write-units.ts';
import type { Results } from '../../results/kept-results.ts';
import type { FigureResult } from '../../results/result-of.ts';
import { drawLatencyLegs, latencyLegsTitle } from '../plots/latency-legs.ts';
import { drawWindowChoices, windowChoicesTitle } from '../plots/window-choices.ts';
import { latencySection } from './latency-section.ts';
import { limitSection, loadSection, predictionSection, simulationSection } from './model-sections.ts';
import { writeUnitSection } from './write-unit-section.ts';

const LATENCY_PLOT = 'latency.svg';
const WINDOW_PLOT = 'window-choices.svg';
const NOT_MEASURED = 'Not measured yet: `npm run bench` does.';

/** What the page says of the details of some figures, by the names of its parts. */
export function sectionsOf(results: Results): Readonly<Record<string, string>> {
  const units = detailsOf<WriteUnitDetails>(results, 'write-units');
  const model = detailsOf<ModelDetails>(results, 'model-prediction');
  const latencies = latenciesOf(results);
  return {
    'write-units': units === undefined ? NOT_MEASURED : writeUnitSection(units),
    latency:
      latencies.length === 0
        ? NOT_MEASURED
        : `${image(LATENCY_PLOT, latencyLegsTitle)}\n\n${latencySection(latencies)}`,
    windows: model === undefined ? NOT_MEASURED : image(WINDOW_PLOT, windowChoicesTitle),
    predictions: model === undefined ? NOT_MEASURED : predictionSection(model),
    loads: model === undefined ? NOT_MEASURED : loadSection(model),
    limits: model === undefined ? NOT_MEASURED : limitSection(model),
    simulations: model === undefined ? NOT_MEASURED : simulationSection(model),
  };
}

/** The plots of the page, by their files' names; none of what was not measured. */
export function plotsOf(results: Results): Readonly<Record<string, string>> {
  const latencies = latenciesOf(results);
  const model = detailsOf<ModelDetails>(results, 'model-prediction');
  return {
    ...(latencies.length > 0 && { [LATENCY_PLOT]: drawLatencyLegs(latencies) }),
    ...(model !== undefined && { [WINDOW_PLOT]: drawWindowChoices(model.windows) }),
  };
}

function image(file: string, title: string): string {
  return `![${title}](images/${file})`;
}

function latenciesOf(results: Results): readonly LatencyDetails[] {
  return quiet(results)
    .filter(({ name, details }) => name.startsWith('latency-') && details !== undefined)
    .map(({ details }) => details as LatencyDetails)
    .toSorted((one, other) => one.messagesPerSecond - other.messagesPerSecond);
}

function detailsOf<Details>(results: Results, figure: string): Details | undefined {
  return quiet(results).find(({ name }) => name === figure)?.details as Details | undefined;
}

/** Tables and plots are of the quiet machine; the table of all figures has both. */
function quiet({ conditions }: Results): readonly FigureResult[] {
  return conditions.quiet ?? [];
}
