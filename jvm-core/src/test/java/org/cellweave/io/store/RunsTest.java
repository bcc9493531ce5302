package org.cellweave.io.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.cellweave.testing.Seeds;
import org.junit.jupiter.api.Test;

class RunsTest {
  private static final StoreReader STORE =
      (StoreReader)
          Proxy.newProxyInstance(
              RunsTest.class.getClassLoader(),
              new Class<?>[] {StoreReader.class},
              (proxy, method, args) -> ((Supplier<?>) args[1]).get());

  private static final StoreArray ARRAY =
      (StoreArray)
          Proxy.newProxyInstance(
              RunsTest.class.getClassLoader(),
              new Class<?>[] {StoreArray.class},
              (proxy, method, args) -> method.getName().equals("source") ? STORE : "x");

  /** Elements are their own positions, in two bytes each. */
  private static ByteBuffer read(long from, int count) {
    ByteBuffer out = ByteBuffer.allocate(2 * count);
    for (int i = 0; i < count; i++) {
      out.putShort((short) (from + i));
    }
    return out.flip();
  }

  private static int[] wanted(Runs runs, int n, long unit, long gap, AtomicLong elementsRead) {
    int[] out = new int[n];
    runs.forEach(
        ARRAY,
        unit,
        gap,
        (from, count) -> {
          assertThat(from / unit).isEqualTo((from + count - 1) / unit);
          elementsRead.addAndGet(count);
          return read(from, count);
        },
        (at, count, bytes) -> {
          for (int i = 0; i < count; i++) {
            out[(int) at + i] += 1 + bytes.getShort();
          }
        });
    return out;
  }

  @Test
  void everyWantedElementArrivesOnceInItsPlace() {
    Seeds.forEach(
        40,
        seed -> {
          var random = new SplittableRandom(seed);
          int nRows = 1 + random.nextInt(40);
          long[] starts = new long[nRows + 1];
          for (int i = 0; i < nRows; i++) {
            starts[i + 1] = starts[i] + random.nextInt(7);
          }
          int[] rows = random.ints(random.nextInt(60), 0, nRows).toArray();
          rows = seed % 2 == 0 ? IntStream.of(rows).sorted().toArray() : rows;
          int[] expected =
              IntStream.of(rows)
                  .flatMap(r -> IntStream.range((int) starts[r], (int) starts[r + 1]))
                  .map(i -> i + 1)
                  .toArray();
          Runs runs = Runs.ofRows(starts, rows);
          for (long unit : new long[] {1, 3, 16, 1000}) {
            for (long gap : new long[] {0, 2, 1000}) {
              assertThat(wanted(runs, expected.length, unit, gap, new AtomicLong()))
                  .isEqualTo(expected);
            }
          }
        });
  }

  @Test
  void shortGapsAreReadAndLongOnesSkipped() {
    Runs runs = Runs.ofRows(2, new int[] {0, 2, 30});
    var read = new AtomicLong();
    assertThat(wanted(runs, 6, 100, 2, read)).containsExactly(1, 2, 5, 6, 61, 62);
    assertThat(read.get()).isEqualTo(8);
    assertThat(runs.first()).isZero();
    assertThat(runs.firstLength()).isEqualTo(2);
    assertThat(Runs.all(0).firstLength()).isZero();
  }
}
