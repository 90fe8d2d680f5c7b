import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import software.amazon.event.ruler.JsonRuleCompiler;
import software.amazon.event.ruler.Machine;
import software.amazon.event.ruler.Patterns;

/**
 * Answers what event-ruler, with which EventBridge matches events, says of patterns and events.
 *
 * Each line of standard input is an object with a pattern and events, and gets a line with the reason why the pattern is refused
 * (null for a valid one) and, for each event, whether it matches. With `isApart`, event-ruler sees one rule of each list at a time, in
 * every combination, and matches as it did before version 2. The answers are the same unless event-ruler has a fault.
 */
public class Oracle {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final int COMBINATIONS_MAX = 20_000;

  public static void main(String[] arguments) throws Exception {
    BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    PrintStream output = new PrintStream(System.out, false, StandardCharsets.UTF_8);
    for (String line = input.readLine(); line != null; line = input.readLine()) {
      output.println(MAPPER.writeValueAsString(answer(MAPPER.readTree(line))));
      if (!input.ready()) {
        output.flush();
      }
    }
  }

  private static ObjectNode answer(JsonNode request) throws Exception {
    ObjectNode answer = MAPPER.createObjectNode();
    ArrayNode matches = answer.putArray("matches");
    List<Machine> machines;
    try {
      List<Map<String, List<Patterns>>> rules = JsonRuleCompiler.compile(request.get("pattern").asText());
      machines = request.get("isApart").asBoolean() ? machinesApart(rules) : List.of(machineOf(Machine.builder().build(), rules));
    } catch (Exception refused) {
      return answer.put("reason", String.valueOf(refused.getMessage()));
    }
    for (JsonNode event : request.get("events")) {
      matches.add(matchesAny(machines, event.asText()));
    }
    return answer.putNull("reason");
  }

  private static boolean matchesAny(List<Machine> machines, String event) throws Exception {
    for (Machine machine : machines) {
      if (!machine.rulesForJSONEvent(event).isEmpty()) {
        return true;
      }
    }
    return false;
  }

  private static Machine machineOf(Machine machine, List<Map<String, List<Patterns>>> rules) {
    rules.forEach(rule -> machine.addPatternRule("rule", rule));
    return machine;
  }

  /** A machine for each way to take one rule of each list. */
  private static List<Machine> machinesApart(List<Map<String, List<Patterns>>> rules) {
    List<Machine> machines = new ArrayList<>();
    for (Map<String, List<Patterns>> rule : rules) {
      List<Map<String, List<Patterns>>> combinations = List.of(Map.of());
      for (Map.Entry<String, List<Patterns>> field : rule.entrySet()) {
        List<Map<String, List<Patterns>>> extended = new ArrayList<>();
        for (Map<String, List<Patterns>> combination : combinations) {
          for (Patterns pattern : field.getValue()) {
            Map<String, List<Patterns>> next = new HashMap<>(combination);
            next.put(field.getKey(), List.of(pattern));
            extended.add(next);
          }
        }
        combinations = extended;
        if (combinations.size() > COMBINATIONS_MAX) {
          throw new IllegalStateException("The pattern has too many combinations of rules for this comparison.");
        }
      }
      for (Map<String, List<Patterns>> combination : combinations) {
        Machine machine = Machine.builder().withStructuredMatching(false).build();
        machines.add(machineOf(machine, List.of(combination)));
      }
    }
    return machines;
  }
}
