package org.cellweave.spark;

import java.io.NotSerializableException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.cellweave.matrix.RangeKernel;
import org.cellweave.matrix.Rows;
import org.cellweave.util.Parallel;

/** What a task does: runs a kernel on its ranges, on the one core that it has. */
final class RangeWork implements FlatMapFunction<Iterator<int[]>, byte[]> {
  private static final long serialVersionUID = 1;

  private final Sent rows;
  private final Sent kernel;

  RangeWork(Sent rows, Sent kernel) {
    this.rows = rows;
    this.kernel = kernel;
  }

  @Override
  public Iterator<byte[]> call(Iterator<int[]> ranges) {
    List<byte[]> out = new ArrayList<>();
    while (ranges.hasNext()) {
      int[] range = ranges.next();
      out.add(Answer.of(() -> part(range[0], range[1])));
    }
    return out.iterator();
  }

  private Object part(int from, int to) {
    return Parallel.alone(
        () -> {
          Rows there = Received.rows(rows);
          var work = (RangeKernel<?>) kernel.received();
          return work.of(there, from, to);
        });
  }

  /** What a kernel gave, or how it failed, as bytes. */
  record Answer(Object value, Throwable failure, boolean stays) {
    private static final byte VALUE = 0;
    private static final byte FAILURE = 1;
    private static final byte STAYS = 2;

    @FunctionalInterface
    interface Body {
      Object run();
    }

    /**
     * A refused value is an answer: Spark would try again in vain, and tell of it in other words.
     * What comes of the machine, such as too little memory, is left to Spark.
     */
    static byte[] of(Body body) {
      try {
        return packed(VALUE, body.run());
      } catch (CancellationException e) {
        throw e;
      } catch (NotSerializableException e) {
        return new byte[] {STAYS};
      } catch (RuntimeException | AssertionError e) {
        return failed(e);
      }
    }

    private static byte[] failed(Throwable e) {
      try {
        return packed(FAILURE, e);
      } catch (NotSerializableException | RuntimeException again) {
        return failed(new IllegalStateException(e.getClass().getName() + ": " + e.getMessage()));
      }
    }

    private static byte[] packed(byte kind, Object value) throws NotSerializableException {
      byte[] bytes = Parcel.pack(value);
      byte[] out = new byte[bytes.length + 1];
      System.arraycopy(bytes, 0, out, 0, bytes.length);
      out[bytes.length] = kind;
      return out;
    }

    /** The value, or the failure thrown. */
    Object required() {
      if (failure instanceof RuntimeException e) {
        throw e;
      }
      if (failure instanceof Error e) {
        throw e;
      }
      return value;
    }

    /** Whether what was to be sent cannot travel. */
    static boolean stays(byte[] bytes) {
      return bytes[bytes.length - 1] == STAYS;
    }

    static Answer open(byte[] bytes) {
      byte kind = bytes[bytes.length - 1];
      if (stays(bytes)) {
        return new Answer(null, null, true);
      }
      Object value = Parcel.unpack(bytes);
      return kind == VALUE
          ? new Answer(value, null, false)
          : new Answer(null, (Throwable) value, false);
    }
  }
}
