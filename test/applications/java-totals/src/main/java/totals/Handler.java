package totals;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import java.util.List;
import java.util.Map;

/** Says for each change what it was and which item it touched. */
public class Handler implements RequestHandler<Map<String, Object>, String> {
    @Override
    public String handleRequest(Map<String, Object> event, Context context) {
        List<?> records = (List<?>) event.get("Records");
        for (Object each : records) {
            Map<?, ?> record = (Map<?, ?>) each;
            Map<?, ?> change = (Map<?, ?>) record.get("dynamodb");
            context.getLogger().log(record.get("eventName") + " " + change.get("Keys") + "\n");
        }
        return String.valueOf(records.size());
    }
}
