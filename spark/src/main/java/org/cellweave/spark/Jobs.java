package org.cellweave.spark;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import org.apache.spark.api.java.JavaFutureAction;
import org.apache.spark.api.java.JavaSparkContext;

/** Waits for jobs of Spark, and says what became of those that failed. */
final class Jobs {
  private static final String RESULT_SIZE = "spark.driver.maxResultSize";

  private Jobs() {}

  /** Bytes that the answers of a job may have: half of what Spark takes. */
  static long resultBytes(JavaSparkContext spark) {
    long limit = spark.getConf().getSizeAsBytes(RESULT_SIZE, "1g");
    return limit > 0 ? limit / 2 : Runtime.getRuntime().maxMemory() / 8;
  }

  static List<byte[]> await(JavaFutureAction<List<byte[]>> answers, JavaSparkContext spark) {
    try {
      return new ArrayList<>(answers.get());
    } catch (InterruptedException e) {
      answers.cancel(true);
      throw new CancellationException("interrupted");
    } catch (ExecutionException e) {
      throw failure(e.getCause() == null ? e : e.getCause(), spark);
    }
  }

  private static RuntimeException failure(Throwable e, JavaSparkContext spark) {
    String said = String.valueOf(e.getMessage());
    if (said.contains(RESULT_SIZE)) {
      return new IllegalStateException(
          "what the executors gave is larger than "
              + RESULT_SIZE
              + " ("
              + spark.getConf().get(RESULT_SIZE, "1g")
              + "); give sc.spark.session() a larger one, and the driver the memory for it"
              + " (--heap)",
          e);
    }
    if (spark.sc().isStopped()) {
      return new IllegalStateException("the Spark session was stopped while it worked", e);
    }
    return new IllegalStateException("Spark gave up: " + said.lines().findFirst().orElse(said), e);
  }
}
