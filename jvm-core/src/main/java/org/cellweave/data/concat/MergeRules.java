package org.cellweave.data.concat;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.cellweave.data.ContentEquality;

/** Which of several objects' annotation is kept; nested maps are merged key by key. */
final class MergeRules {
  private MergeRules() {}

  /** Keys of any (outer) or of all (inner), in order of appearance. */
  static Set<String> keys(List<Set<String>> sets, boolean any) {
    Set<String> out = new LinkedHashSet<>(sets.get(0));
    for (Set<String> s : sets) {
      if (any) {
        out.addAll(s);
      } else {
        out.retainAll(s);
      }
    }
    return out;
  }

  static Map<String, Object> merge(List<Map<String, Object>> maps, Concat.Merge rule) {
    Map<String, Object> out = new LinkedHashMap<>();
    if (rule == Concat.Merge.NONE) {
      return out;
    }
    List<Set<String>> sets = maps.stream().map(Map::keySet).toList();
    for (String key : keys(sets, rule != Concat.Merge.SAME)) {
      List<Object> values = new java.util.ArrayList<>();
      maps.stream().filter(m -> m.containsKey(key)).forEach(m -> values.add(m.get(key)));
      if (values.stream().allMatch(Map.class::isInstance)) {
        Map<String, Object> nested = merge(values.stream().map(MergeRules::asMap).toList(), rule);
        if (!nested.isEmpty()) {
          out.put(key, nested);
        }
      } else if (kept(values, rule)) {
        out.put(key, values.get(0));
      }
    }
    return out;
  }

  private static boolean kept(List<Object> values, Concat.Merge rule) {
    return switch (rule) {
      case NONE -> false;
      case FIRST -> true;
      case ONLY -> values.size() == 1;
      case SAME, UNIQUE ->
          values.stream().allMatch(v -> ContentEquality.difference(values.get(0), v, "") == null);
    };
  }

  private static Map<String, Object> asMap(Object value) {
    Map<String, Object> out = new LinkedHashMap<>();
    ((Map<?, ?>) value).forEach((k, v) -> out.put(Objects.toString(k), v));
    return out;
  }
}
