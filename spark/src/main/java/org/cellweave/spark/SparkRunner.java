package org.cellweave.spark;

import java.io.NotSerializableException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntFunction;
import org.apache.spark.HashPartitioner;
import org.apache.spark.api.java.JavaSparkContext;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.matrix.Exchange;
import org.cellweave.matrix.RangeKernel;
import org.cellweave.matrix.RangeRunner;
import org.cellweave.matrix.RowStore;
import org.cellweave.matrix.Rows;
import org.cellweave.matrix.SentOnce;
import org.cellweave.matrix.TaskKernel;

/**
 * Runs passes on the executors of a Spark session. Rows and kernel are broadcast, ranges are tasks,
 * and what they give comes back in order. A pass whose kernel cannot travel runs here.
 */
public final class SparkRunner implements RangeRunner {
  private static final AtomicLong NUMBERS = new AtomicLong();

  private final JavaSparkContext spark;
  private final Map<Object, Sending> sent = new WeakHashMap<>();
  private final AtomicLong tasks = new AtomicLong();

  /**
   * @param within what it refers to, which must stay as long
   */
  private record Sending(Sent sent, List<Sending> within) {}

  public SparkRunner(JavaSparkContext spark) {
    this.spark = spark;
  }

  JavaSparkContext spark() {
    return spark;
  }

  /** The address of the cluster. */
  public String master() {
    return spark.sc().master();
  }

  /** False once the session is stopped. */
  public boolean isRunning() {
    return !spark.sc().isStopped();
  }

  /** Ranges that executors have worked on so far. */
  public long tasks() {
    return tasks.get();
  }

  void count() {
    tasks.incrementAndGet();
  }

  /** Executors that are there now; of a local master none. */
  public int executors() {
    return spark.sc().statusTracker().getExecutorInfos().length - 1;
  }

  @Override
  public <T> void run(
      RowStore store, int[] bounds, RangeKernel<T> kernel, RangeKernel.Take<T> take) {
    requireRunning();
    if (bounds.length < 2) {
      return;
    }
    int taken = 0;
    try {
      Sent rows = send(store).sent();
      Sent work = broadcast(pack(kernel, new ArrayList<>()));
      try {
        taken =
            new Pass<int[], T>(
                    this,
                    bounds.length - 1,
                    g -> new int[] {bounds[g], bounds[g + 1]},
                    new RangeWork(rows, work),
                    (g, part) -> take.part(bounds[g], part))
                .run();
      } finally {
        work.bytes().unpersist(false);
      }
    } catch (NotSerializableException e) {
      taken = 0;
    }
    if (taken < bounds.length - 1) {
      here(store, Arrays.copyOfRange(bounds, taken, bounds.length), kernel, take);
    }
  }

  /** Keys of pieces are shuffled: they travel from executor to executor. */
  @Override
  public <P, T> void exchange(
      RowStore store, int[] bounds, Exchange<P, T> exchange, RangeKernel.Take<T> take) {
    requireRunning();
    List<byte[]> answers = List.of();
    if (bounds.length > 1) {
      try {
        Sent rows = send(store).sent();
        Sent work = broadcast(pack(exchange, new ArrayList<>()));
        try {
          answers = shuffled(rows, work, bounds, exchange.pieces());
        } finally {
          work.bytes().unpersist(false);
        }
      } catch (NotSerializableException e) {
        answers = List.of();
      }
    }
    if (!taken(answers, take)) {
      RangeRunner.super.exchange(store, bounds, exchange, take);
    }
  }

  @Override
  public <G, T> void tasks(
      int count, IntFunction<G> given, TaskKernel<G, T> kernel, RangeKernel.Take<T> take) {
    requireRunning();
    int taken = 0;
    try {
      Sent work = broadcast(pack(kernel, new ArrayList<>()));
      try {
        taken = new Pass<>(this, count, task -> task(task, given), new TaskWork(work), take).run();
      } finally {
        work.bytes().unpersist(false);
      }
    } catch (NotSerializableException e) {
      taken = 0;
    }
    int from = taken;
    RangeRunner.super.<G, T>tasks(
        count - from,
        task -> given.apply(from + task),
        (task, some) -> kernel.of(from + task, some),
        (task, part) -> take.part(from + task, part));
  }

  private static TaskWork.Task task(int number, IntFunction<?> given) {
    try {
      return new TaskWork.Task(number, Parcel.pack(given.apply(number)));
    } catch (NotSerializableException e) {
      throw new IllegalArgumentException("a task is given what cannot be sent: " + e, e);
    }
  }

  private List<byte[]> shuffled(Sent rows, Sent exchange, int[] bounds, int pieces) {
    List<ExchangeWork.Range> ranges = new ArrayList<>();
    for (int g = 0; g + 1 < bounds.length; g++) {
      ranges.add(new ExchangeWork.Range(g, bounds[g], bounds[g + 1]));
    }
    var job =
        spark
            .parallelize(ranges, ranges.size())
            .flatMapToPair(new ExchangeWork.Giving(rows, exchange))
            .partitionBy(new HashPartitioner(pieces))
            .mapPartitionsWithIndex(new ExchangeWork.Taking(exchange), true)
            .collectAsync();
    return Jobs.await(job, spark);
  }

  /** False, and nothing is taken, when there are none, or what they hold cannot travel. */
  @SuppressWarnings("unchecked")
  private <T> boolean taken(List<byte[]> answers, RangeKernel.Take<T> take) {
    boolean stay = answers.isEmpty();
    for (byte[] answer : answers) {
      stay |= RangeWork.Answer.stays(answer);
    }
    for (int piece = 0; !stay && piece < answers.size(); piece++) {
      T value = (T) RangeWork.Answer.open(answers.set(piece, null)).required();
      count();
      take.part(piece, value);
    }
    return !stay;
  }

  private static <T> void here(
      RowStore store, int[] bounds, RangeKernel<T> kernel, RangeKernel.Take<T> take) {
    Rows.of(CsrMatrix.of(RowStore.runBy(store, null))).inOrder(bounds, kernel, take);
  }

  private void requireRunning() {
    if (!isRunning()) {
      throw new IllegalStateException(
          "the Spark session of these rows was stopped; start one and read the object anew, or take"
              + " it into memory before, with toLocal()");
    }
  }

  private synchronized Sending send(Object value) throws NotSerializableException {
    Sending known = sent.get(value);
    if (known == null) {
      List<Sending> within = new ArrayList<>();
      known = new Sending(broadcast(pack(value, within)), within);
      sent.put(value, known);
    }
    return known;
  }

  /**
   * What is sent once, and rows that were sent, are not sent again inside of others.
   *
   * @param within receives what the bytes refer to
   */
  private synchronized byte[] pack(Object value, List<Sending> within)
      throws NotSerializableException {
    return Parcel.pack(
        value,
        inner -> {
          Sending there = inner instanceof SentOnce ? send(inner) : null;
          if (inner instanceof RowStore) {
            there = sent.get(inner);
          }
          if (there == null) {
            return inner;
          }
          within.add(there);
          return new Sent.Again(there.sent());
        });
  }

  private Sent broadcast(byte[] bytes) {
    String id = spark.sc().applicationId() + "/" + NUMBERS.incrementAndGet();
    return new Sent(id, spark.broadcast(bytes));
  }
}
