package org.cellweave.spark;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.spark.api.java.function.Function2;
import org.apache.spark.api.java.function.PairFlatMapFunction;
import org.cellweave.matrix.Exchange;
import org.cellweave.matrix.Rows;
import org.cellweave.util.Parallel;
import scala.Tuple2;

/** What tasks on both sides of an exchange do, each on the one core that it has. */
final class ExchangeWork {
  private ExchangeWork() {}

  /** A range of rows, and its number. */
  record Range(int number, int from, int to) implements Serializable {}

  /** What a range gave to a piece, as the bytes of an answer. */
  record Given(int range, byte[] answer) implements Serializable {}

  /** Cuts what a range of rows has into pieces. */
  record Giving(Sent rows, Sent exchange) implements PairFlatMapFunction<Range, Integer, Given> {

    /** Parts are packed one by one; a failure goes to the piece that is taken first. */
    @Override
    public Iterator<Tuple2<Integer, Given>> call(Range range) {
      List<Object> parts = new ArrayList<>();
      byte[] whole = RangeWork.Answer.of(() -> parts.addAll(parts(range)));
      if (parts.isEmpty()) {
        return List.of(new Tuple2<>(0, new Given(range.number, whole))).iterator();
      }
      return IntStream.range(0, parts.size())
          .mapToObj(piece -> given(range, piece, parts.set(piece, null)))
          .iterator();
    }

    private List<?> parts(Range range) {
      var work = (Exchange<?, ?>) exchange.received();
      Rows there = Received.rows(rows);
      return Parallel.alone(() -> work.give(there, range.from, range.to));
    }

    private static Tuple2<Integer, Given> given(Range range, int piece, Object part) {
      return new Tuple2<>(piece, new Given(range.number, RangeWork.Answer.of(() -> part)));
    }
  }

  /** Works on the piece whose parts lie in a partition. */
  record Taking(Sent exchange)
      implements Function2<Integer, Iterator<Tuple2<Integer, Given>>, Iterator<byte[]>> {

    @Override
    public Iterator<byte[]> call(Integer piece, Iterator<Tuple2<Integer, Given>> given) {
      var parts = new TreeMap<Integer, Object>();
      while (given.hasNext()) {
        Given next = given.next()._2();
        RangeWork.Answer answer = RangeWork.Answer.open(next.answer());
        if (answer.stays() || answer.failure() != null) {
          return List.of(next.answer()).iterator();
        }
        parts.put(next.range(), answer.value());
      }
      byte[] made =
          RangeWork.Answer.of(
              () -> Parallel.alone(() -> work(piece, new ArrayList<>(parts.values()))));
      return List.of(made).iterator();
    }

    @SuppressWarnings("unchecked")
    private Object work(int piece, List<Object> parts) {
      return ((Exchange<Object, ?>) exchange.received()).work(piece, parts);
    }
  }
}
