package org.cellweave.neural.data;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.cellweave.design.Categories;
import org.cellweave.random.Streams;

/**
 * Sums of all that a model reads of cells, part by part, by which it is noticed that one of them is
 * another one now. Each sum knows the places of its numbers, so that a change of order changes it;
 * how counts are stored does not. Two parts that differ have one sum with a probability of 2^-64.
 */
public final class Fingerprint {
  private static final long GOLDEN = 0x9E3779B97F4A7C15L;

  private final Map<String, String> parts = new LinkedHashMap<>();

  /** One pass over the counts, in parallel where they are in memory. */
  public Fingerprint counts(String part, CountRows rows) {
    return put(part, rows.sumOfCells(Fingerprint::ofCell));
  }

  /**
   * @param names null for none
   */
  public Fingerprint names(String part, List<String> names) {
    return put(part, names == null ? -1 : ofNames(names));
  }

  /** Codes and the names of their levels. */
  public Fingerprint categories(String part, Categories of) {
    long sum = ofNames(Arrays.asList(of.levels()));
    for (int i = 0; i < of.nCells(); i++) {
      sum += at(i, of.code(i));
    }
    return put(part, sum);
  }

  /**
   * @param values null for none
   */
  public Fingerprint numbers(String part, double[] values) {
    long sum = values == null ? -1 : values.length;
    for (int i = 0; values != null && i < values.length; i++) {
      sum += at(i, Double.doubleToLongBits(values[i]));
    }
    return put(part, sum);
  }

  public Fingerprint numbers(String part, float[] values) {
    long sum = values.length;
    for (int i = 0; i < values.length; i++) {
      sum += at(i, Float.floatToIntBits(values[i]));
    }
    return put(part, sum);
  }

  /** A part that is told by a text, such as where counts are that are not looked at. */
  public Fingerprint text(String part, String text) {
    parts.put(part, text);
    return this;
  }

  private Fingerprint put(String part, long sum) {
    return text(part, Long.toHexString(sum));
  }

  /** Zeros count for nothing, because a sparse matrix may hold some or none. */
  private static long ofCell(int cell, int[] genes, int start, double[] values, int n) {
    long key = Streams.mix(cell);
    long sum = 0;
    for (int k = 0; k < n; k++) {
      if (values[k] != 0) {
        long gene = genes[start + k] + 1L;
        sum += Streams.mix(key + gene * GOLDEN ^ Double.doubleToLongBits(values[k]));
      }
    }
    return sum;
  }

  private static long ofNames(List<String> names) {
    long sum = names.size();
    for (int k = 0; k < names.size(); k++) {
      sum += at(k, ofName(names.get(k)));
    }
    return sum;
  }

  private static long ofName(String name) {
    long sum = 0;
    for (int k = 0; k < name.length(); k++) {
      sum = Streams.mix(sum + name.charAt(k));
    }
    return sum;
  }

  private static long at(long place, long value) {
    return Streams.mix(Streams.mix(place + GOLDEN) ^ value);
  }

  /** Sums, or texts, by part. */
  public Map<String, String> parts() {
    return java.util.Collections.unmodifiableMap(parts);
  }

  /** Parts that are something else in the other, or that only one of both has. */
  public List<String> differing(Fingerprint other) {
    Map<String, String> all = new LinkedHashMap<>(parts);
    all.putAll(other.parts);
    return all.keySet().stream()
        .filter(part -> !Objects.equals(parts.get(part), other.parts.get(part)))
        .toList();
  }
}
