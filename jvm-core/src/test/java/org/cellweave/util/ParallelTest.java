package org.cellweave.util;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.cellweave.testing.Seeds;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ParallelTest {
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7})
  void everyBlockRunsOnceAndSumsKeepTheirOrder(int threads) {
    Seeds.withThreads(
        threads,
        () -> {
          int[] runs = new int[1000];
          Parallel.forBlocks(runs.length, block -> runs[block]++);
          assertThat(runs).containsOnly(1);
          double sum = Parallel.sum(100_000, 64, (from, to) -> 1e16 / (from + 1.0) + to);
          double expected = 0;
          for (int from = 0; from < 100_000; from += 64) {
            expected += 1e16 / (from + 1.0) + Math.min(100_000, from + 64);
          }
          assertThat(sum).isEqualTo(expected);
          assertThat(Parallel.map(5, block -> block * block)).containsExactly(0, 1, 4, 9, 16);
          return null;
        });
  }

  @Test
  void aLoopInsideALoopRunsOnTheCallingThread() {
    Seeds.withThreads(
        2,
        () -> {
          var outside = new AtomicInteger();
          Parallel.forBlocks(
              4,
              block -> {
                Thread own = Thread.currentThread();
                Parallel.forBlocks(
                    4, inner -> outside.addAndGet(Thread.currentThread() == own ? 0 : 1));
              });
          assertThat(outside).hasValue(0);
          return null;
        });
  }

  @Test
  void theFirstFailureReachesTheCallerAndStopsTheLoop() {
    Seeds.withThreads(
        2,
        () -> {
          var runs = new AtomicInteger();
          assertThatThrownBy(
                  () ->
                      Parallel.forBlocks(
                          100_000,
                          block -> {
                            if (runs.incrementAndGet() == 10) {
                              throw new IllegalArgumentException("block");
                            }
                          }))
              .isInstanceOf(IllegalArgumentException.class)
              .hasMessage("block");
          assertThat(runs.get()).isLessThan(100_000);
          return null;
        });
  }

  @Test
  void anInterruptEndsTheLoopWithNoHelperAtWork() throws InterruptedException {
    Throwable thrown = disturbed(Thread::interrupt);
    assertThat(thrown).isInstanceOf(CancellationException.class).hasMessage("interrupted");
  }

  @Test
  void aStoppedCallerLeavesNoHelperAtWork() throws InterruptedException {
    assumeTrue(Runtime.version().feature() < 20, "Thread.stop is refused by this JDK");
    Throwable thrown =
        disturbed(
            caller -> {
              try {
                Thread.class.getMethod("stop").invoke(caller);
              } catch (ReflectiveOperationException e) {
                throw new LinkageError(e.getMessage(), e);
              }
            });
    assertThat(thrown.getClass().getSimpleName()).isEqualTo("ThreadDeath");
  }

  /** What a loop throws that is disturbed while its helper is in the middle of a block. */
  private static Throwable disturbed(java.util.function.Consumer<Thread> disturb)
      throws InterruptedException {
    var atWork = new AtomicInteger();
    var helperIsIn = new CountDownLatch(1);
    var mayGo = new CountDownLatch(1);
    var left = new AtomicInteger(-1);
    var thrown = new AtomicReference<Throwable>();
    var caller =
        new Thread(
            () ->
                Seeds.withThreads(
                    2,
                    () -> {
                      Thread own = Thread.currentThread();
                      try {
                        Parallel.forBlocks(
                            2,
                            block -> {
                              if (Thread.currentThread() == own) {
                                awaitQuietly(helperIsIn);
                                return;
                              }
                              atWork.incrementAndGet();
                              helperIsIn.countDown();
                              awaitQuietly(mayGo);
                              atWork.decrementAndGet();
                            });
                      } catch (Throwable t) {
                        thrown.set(t);
                      }
                      left.set(atWork.get());
                      return null;
                    }));
    caller.start();
    // The limits guard against a wait without end; the pauses give a caller that does not wait the
    // time to show it. One that waits passes on a machine of any speed.
    assertThat(helperIsIn.await(120, TimeUnit.SECONDS)).isTrue();
    Thread.sleep(50);
    disturb.accept(caller);
    Thread.sleep(200);
    assertThat(left).as("the caller waits for its helper").hasValue(-1);
    mayGo.countDown();
    caller.join(120_000);
    assertThat(left).as("helpers at work when the caller left").hasValue(0);
    return thrown.get();
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
