package org.cellweave.util;

import java.util.concurrent.CancellationException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntFunction;
import java.util.function.Supplier;

/**
 * Parallel loops whose results do not depend on the number of threads.
 *
 * <p>Work is cut into blocks by the caller, by a rule that never looks at the thread count. Threads
 * take blocks in any order; a block writes only what belongs to it, and partial results are
 * combined in block order. A loop started from inside a block runs on the calling thread.
 *
 * <p>Interrupting the calling thread stops the loop after the blocks under way and throws {@link
 * CancellationException}.
 */
public final class Parallel {
  /** Environment variable that sets the number of threads. */
  public static final String THREADS_VARIABLE = "CELLWEAVE_THREADS";

  private static final ThreadLocal<Boolean> INSIDE = ThreadLocal.withInitial(() -> false);
  private static final Executor POOL = daemonPool();
  private static volatile int threads = defaultThreads();

  private Parallel() {}

  /** Body of a block loop. */
  @FunctionalInterface
  public interface BlockBody {
    void run(int block);
  }

  /** Body of a range loop: handles {@code from <= i < to}. */
  @FunctionalInterface
  public interface RangeBody {
    void run(int from, int to);
  }

  /** Sum over {@code from <= i < to}. */
  @FunctionalInterface
  public interface RangeSum {
    double of(int from, int to);
  }

  public static int threads() {
    return threads;
  }

  /** Sets the number of threads for all later loops; results do not change with it. */
  public static void threads(int n) {
    threads = Check.positive(n, "threads");
  }

  /** Runs {@code body} once for every block in {@code [0, nBlocks)}. */
  public static void forBlocks(int nBlocks, BlockBody body) {
    int workers = Math.min(threads, nBlocks);
    if (workers <= 1 || INSIDE.get()) {
      for (int block = 0; block < nBlocks; block++) {
        checkInterrupted();
        body.run(block);
      }
      return;
    }
    checkInterrupted();
    new Loop(nBlocks, workers, body).run();
  }

  /** Runs {@code body} over {@code [0, n)} in pieces of {@code blockSize}. */
  public static void forRange(int n, int blockSize, RangeBody body) {
    int nBlocks = nBlocks(n, blockSize);
    forBlocks(
        nBlocks,
        block -> {
          int from = block * blockSize;
          body.run(from, (int) Math.min(n, (long) from + blockSize));
        });
  }

  /** Sums pieces of {@code blockSize} in block order. */
  public static double sum(int n, int blockSize, RangeSum part) {
    double[] sums = new double[nBlocks(n, blockSize)];
    forRange(n, blockSize, (from, to) -> sums[from / blockSize] = part.of(from, to));
    double total = 0;
    for (double s : sums) {
      total += s;
    }
    return total;
  }

  /** Computes one value per block and returns them in block order. */
  public static <T> java.util.List<T> map(int nBlocks, IntFunction<T> body) {
    Object[] out = new Object[nBlocks];
    forBlocks(nBlocks, block -> out[block] = body.apply(block));
    var list = new java.util.ArrayList<T>(nBlocks);
    for (Object value : out) {
      @SuppressWarnings("unchecked")
      T typed = (T) value;
      list.add(typed);
    }
    return list;
  }

  /**
   * Runs {@code body} with every loop in it on the calling thread, as inside of a block: for those
   * who run many bodies at once on threads of their own.
   */
  public static <T> T alone(Supplier<T> body) {
    boolean inside = INSIDE.get();
    INSIDE.set(true);
    try {
      return body.get();
    } finally {
      INSIDE.set(inside);
    }
  }

  public static int nBlocks(int n, int blockSize) {
    return (int) (((long) n + blockSize - 1) / blockSize);
  }

  /** Throws {@link CancellationException} when the thread was interrupted; clears the flag. */
  public static void checkInterrupted() {
    if (Thread.interrupted()) {
      throw new CancellationException("interrupted");
    }
  }

  private static int defaultThreads() {
    String set = System.getenv(THREADS_VARIABLE);
    if (set == null || set.isBlank()) {
      return Runtime.getRuntime().availableProcessors();
    }
    try {
      return positiveThreads(Integer.parseInt(set.trim()), set);
    } catch (NumberFormatException e) {
      return positiveThreads(0, set);
    }
  }

  private static int positiveThreads(int n, String set) {
    if (n <= 0) {
      throw new IllegalArgumentException(
          THREADS_VARIABLE + " must be a positive whole number, got '" + set + "'");
    }
    return n;
  }

  private static ExecutorService daemonPool() {
    var number = new AtomicInteger();
    return Executors.newCachedThreadPool(
        task -> {
          var thread = new Thread(task, "cellweave-" + number.incrementAndGet());
          thread.setDaemon(true);
          return thread;
        });
  }

  /** One loop under way. */
  static final class Loop {
    private final int nBlocks;
    private final int workers;
    private final BlockBody body;

    /** The next block of every worker's part. */
    private final AtomicIntegerArray next;

    private final AtomicInteger helpers = new AtomicInteger();
    private final AtomicReference<Throwable> failure = new AtomicReference<>();

    /** Helpers at work; changed under the lock of this. */
    private volatile int helping;

    Loop(int nBlocks, int workers, BlockBody body) {
      this.nBlocks = nBlocks;
      this.workers = workers;
      this.body = body;
      this.next = new AtomicIntegerArray(workers);
      for (int w = 0; w < workers; w++) {
        next.set(w, begin(w));
      }
    }

    private int begin(int worker) {
      return (int) ((long) nBlocks * worker / workers);
    }

    /**
     * A block that nobody has had; negative when there is none. A worker takes those of its own
     * part first, whose data are in its cache if the loop before was over the same blocks, and then
     * what others have left.
     */
    private int take(int worker) {
      for (int k = 0; k < workers; k++) {
        int w = (worker + k) % workers;
        int end = begin(w + 1);
        if (next.get(w) < end) {
          int block = next.getAndIncrement(w);
          if (block < end) {
            return block;
          }
        }
      }
      return -1;
    }

    void run() {
      try {
        for (int w = 1; w < workers; w++) {
          if (!LoopQueue.offer(this)) {
            POOL.execute(() -> helpOneAfterTheOther(this));
          }
        }
        work(0);
      } catch (Throwable t) {
        failure.compareAndSet(null, t);
      } finally {
        awaitHelpers();
      }
      rethrow();
    }

    private static void helpOneAfterTheOther(Loop first) {
      var seeker = new LoopQueue.Seeker();
      Loop loop = first;
      while (loop != null) {
        loop.help();
        loop = seeker.next();
      }
    }

    private void help() {
      synchronized (this) {
        helping++;
      }
      try {
        work(1 + helpers.getAndIncrement() % (workers - 1));
      } finally {
        synchronized (this) {
          helping--;
          notifyAll();
        }
      }
    }

    /**
     * @param worker whose part comes first; 0 is the caller, which watches for interrupts
     */
    private void work(int worker) {
      INSIDE.set(true);
      try {
        int block = take(worker);
        while (block >= 0 && failure.get() == null) {
          if (worker == 0 && Thread.interrupted()) {
            failure.compareAndSet(null, new CancellationException("interrupted"));
            break;
          }
          body.run(block);
          block = take(worker);
        }
      } catch (Throwable t) {
        failure.compareAndSet(null, t);
      } finally {
        INSIDE.set(false);
      }
    }

    /**
     * Returns only when no helper is at work, whatever happens to this thread: a caller frees
     * native memory next, and some hosts of the JVM stop a thread that is slow to notice an
     * interrupt. A helper that starts later finds no block, or the failure.
     */
    private void awaitHelpers() {
      boolean interrupted = false;
      LoopQueue.lookFor(() -> helping == 0);
      while (true) {
        try {
          synchronized (this) {
            while (helping > 0) {
              wait();
            }
          }
          break;
        } catch (InterruptedException e) {
          interrupted = true;
          failure.compareAndSet(null, new CancellationException("interrupted"));
        } catch (Throwable t) {
          failure.compareAndSet(null, t);
        }
      }
      if (interrupted && !(failure.get() instanceof CancellationException)) {
        Thread.currentThread().interrupt();
      }
    }

    private void rethrow() {
      Throwable t = failure.get();
      if (t instanceof RuntimeException e) {
        throw e;
      }
      if (t instanceof Error e) {
        throw e;
      }
      if (t != null) {
        throw new IllegalStateException(t);
      }
    }
  }
}
