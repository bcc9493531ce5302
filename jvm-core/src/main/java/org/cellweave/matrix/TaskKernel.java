package org.cellweave.matrix;

import java.io.Serializable;

/**
 * One of several tasks. It may run in another process: it must hold nothing but what can be sent
 * there, and change nothing but what it was given and what it returns.
 *
 * @param <G> what a task is given, which belongs to it
 * @param <T> what a task makes
 */
@FunctionalInterface
public interface TaskKernel<G, T> extends Serializable {
  T of(int task, G given);
}
