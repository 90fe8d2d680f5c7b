import type { FaultPlan } from '../fault-proxy/fault-plan.ts';
import { throttlingException } from '../fault-proxy/rejections.ts';
import type { FaultDecisions } from './fault-decisions.ts';
import type { FaultLog } from './fault-log.ts';
import { isCommittedWrite } from './is-committed-write.ts';
import type { RunningDeliveries } from './running-deliveries.ts';

/** Each write of a doomed invocation may be its last: so that not only first writes are. */
const LAST_WRITE_CHANCE = 0.5;

export function createRequestFaults(
  decisions: FaultDecisions,
  deliveries: RunningDeliveries,
  log: FaultLog,
): FaultPlan {
  return {
    beforeEngine({ client, operation }) {
      const running = deliveries.ofProcess(client);
      if (running === undefined) {
        return 'pass';
      }
      running.requests += 1;
      if (!decisions.injects('throttle', `${running.label} ${running.requests}`)) {
        return 'pass';
      }
      log.note('throttle', running.delivery, operation);
      return throttlingException();
    },
    afterEngine(request, reply) {
      const running = deliveries.ofProcess(request.client);
      if (running === undefined || running.isKilled || !isCommittedWrite(request, reply)) {
        return 'pass';
      }
      running.writes += 1;
      const label = `${running.label} ${running.writes}`;
      if (running.isDoomed && decisions.isLikely(LAST_WRITE_CHANCE, `last-write ${label}`)) {
        running.isKilled = true;
        running.crash?.();
        log.note('kill-after-commit', running.delivery, request.operation);
        return 'drop';
      }
      if (!decisions.injects('lost-reply', label)) {
        return 'pass';
      }
      log.note('lost-reply', running.delivery, request.operation);
      return 'drop';
    },
  };
}
