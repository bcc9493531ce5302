package org.cellweave.util;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ElementaryTest {
  /** Both {@code Math} and fdlibm promise a unit or two in the last place. */
  @Test
  void eachFunctionIsTheOneOfItsName() throws ReflectiveOperationException {
    var random = new SplittableRandom(3);
    List<String> seen = new ArrayList<>();
    for (Method method : Elementary.class.getDeclaredMethods()) {
      if (!Modifier.isPublic(method.getModifiers())) {
        continue;
      }
      Method strict = StrictMath.class.getMethod(method.getName(), method.getParameterTypes());
      for (int i = 0; i < 100; i++) {
        Object[] arguments = new Object[method.getParameterCount()];
        for (int k = 0; k < arguments.length; k++) {
          arguments[k] = random.nextDouble();
        }
        double expected = (double) strict.invoke(null, arguments);
        assertThat((double) method.invoke(null, arguments))
            .describedAs(method.getName())
            .isCloseTo(expected, within(2 * Math.ulp(expected)));
      }
      seen.add(method.getName());
    }
    assertThat(seen).contains("exp", "log", "pow", "log1p").hasSize(18);
  }
}
