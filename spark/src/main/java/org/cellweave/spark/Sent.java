package org.cellweave.spark;

import java.io.Serializable;
import org.apache.spark.broadcast.Broadcast;

/**
 * Rows or a kernel that were sent to the executors: each of them fetches the bytes once.
 *
 * @param id tells it from all others, also those of other sessions in this process
 */
record Sent(String id, Broadcast<byte[]> bytes) implements Serializable {
  Object received() {
    return Received.value(this);
  }

  /** Stands inside of what is sent later for rows that are there already. */
  record Again(Sent sent) implements Serializable {
    private Object readResolve() {
      return sent.received();
    }
  }
}
