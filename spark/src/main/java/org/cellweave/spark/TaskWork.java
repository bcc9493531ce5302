package org.cellweave.spark;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.cellweave.matrix.TaskKernel;
import org.cellweave.util.Parallel;

/** Runs tasks that read no rows, each on the one core that it has. */
record TaskWork(Sent kernel) implements FlatMapFunction<Iterator<TaskWork.Task>, byte[]> {

  /**
   * @param given in the bytes in which it travels
   */
  record Task(int number, byte[] given) implements Serializable {}

  @Override
  public Iterator<byte[]> call(Iterator<Task> tasks) {
    List<byte[]> out = new ArrayList<>();
    while (tasks.hasNext()) {
      Task task = tasks.next();
      out.add(RangeWork.Answer.of(() -> Parallel.alone(() -> made(task))));
    }
    return out.iterator();
  }

  @SuppressWarnings("unchecked")
  private Object made(Task task) {
    var work = (TaskKernel<Object, ?>) kernel.received();
    return work.of(task.number, Parcel.unpack(task.given));
  }
}
