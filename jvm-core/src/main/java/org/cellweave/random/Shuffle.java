package org.cellweave.random;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Random orders and draws without replacement by Durstenfeld's form of the Fisher-Yates shuffle.
 *
 * @see <a href="https://doi.org/10.1145/364520.364540">Durstenfeld 1964</a>
 */
public final class Shuffle {
  private Shuffle() {}

  /** The numbers from 0 to n - 1 in random order, drawn from the last place to the first. */
  public static int[] order(int n, SplittableRandom random) {
    int[] order = numbers(n);
    inPlace(order, random);
    return order;
  }

  /** Random order of these values, drawn from the last place to the first. */
  public static void inPlace(int[] values, SplittableRandom random) {
    for (int i = values.length - 1; i > 0; i--) {
      swap(values, i, random.nextInt(i + 1));
    }
  }

  /**
   * The numbers from 0 to n - 1 in random order, built from the inside out: the order of the first
   * i numbers does not depend on how many follow.
   */
  public static int[] insideOut(int n, SplittableRandom random) {
    int[] order = new int[n];
    for (int i = 0; i < n; i++) {
      int j = random.nextInt(i + 1);
      order[i] = order[j];
      order[j] = i;
    }
    return order;
  }

  /** {@code size} of the numbers from 0 to n - 1 without replacement, in the order drawn. */
  public static int[] sample(int n, int size, SplittableRandom random) {
    int[] order = numbers(n);
    draw(order, n, size, random);
    return Arrays.copyOf(order, size);
  }

  /** Brings {@code size} of the first n values to the front, in the order drawn. */
  public static void draw(int[] values, int n, int size, SplittableRandom random) {
    for (int i = 0; i < size; i++) {
      swap(values, i, i + random.nextInt(n - i));
    }
  }

  private static int[] numbers(int n) {
    int[] numbers = new int[n];
    for (int i = 0; i < n; i++) {
      numbers[i] = i;
    }
    return numbers;
  }

  private static void swap(int[] values, int i, int j) {
    int value = values[i];
    values[i] = values[j];
    values[j] = value;
  }
}
