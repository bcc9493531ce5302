package org.cellweave.preprocess;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Bit-for-bit equality of result records, arrays included; NaN equals NaN. */
final class Same {
  private Same() {}

  static void assertBits(Object actual, Object expected) {
    compare(actual, expected, "");
  }

  private static void compare(Object actual, Object expected, String path) {
    if (expected instanceof Record && actual != null) {
      for (RecordComponent component : expected.getClass().getRecordComponents()) {
        compare(
            field(component, actual), field(component, expected), path + "." + component.getName());
      }
    } else if (expected instanceof Map<?, ?> map) {
      Map<?, ?> other = (Map<?, ?>) actual;
      assertThat((Object) other.keySet()).as(path).isEqualTo(map.keySet());
      map.forEach((key, value) -> compare(other.get(key), value, path + "[" + key + "]"));
    } else if (expected instanceof List<?> list) {
      List<?> other = (List<?>) actual;
      assertThat(other).as(path).hasSameSizeAs(list);
      for (int k = 0; k < list.size(); k++) {
        compare(other.get(k), list.get(k), path + "[" + k + "]");
      }
    } else if (!Arrays.deepEquals(new Object[] {actual}, new Object[] {expected})) {
      throw new AssertionError("results differ in " + path);
    }
  }

  private static Object field(RecordComponent component, Object record) {
    try {
      component.getAccessor().setAccessible(true);
      return component.getAccessor().invoke(record);
    } catch (ReflectiveOperationException e) {
      throw new LinkageError(e.getMessage(), e);
    }
  }
}
