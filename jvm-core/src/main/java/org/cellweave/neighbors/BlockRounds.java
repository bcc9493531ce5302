package org.cellweave.neighbors;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.cellweave.internal.Ordering;

/**
 * Pairs of blocks in rounds in which no block occurs twice, so that the pairs of a round may be
 * worked on at once, each changing what belongs to both. Near blocks come first.
 */
final class BlockRounds {
  private BlockRounds() {}

  /** A block of the rows, and one of the columns. */
  record Pair(int row, int column) {}

  /** All blocks of one set with each other and themselves, every pair once. */
  static List<List<Pair>> within(Blocks blocks) {
    List<Pair> alone = new ArrayList<>();
    List<Pair> pairs = new ArrayList<>();
    for (int i = 0; i < blocks.count(); i++) {
      alone.add(new Pair(i, i));
      for (int j = 0; j < i; j++) {
        pairs.add(new Pair(i, j));
      }
    }
    List<List<Pair>> rounds = new ArrayList<>();
    rounds.add(alone);
    rounds.addAll(rounds(pairs, blocks, blocks, true));
    return rounds;
  }

  /** All blocks of one set with all of the other. */
  static List<List<Pair>> between(Blocks rows, Blocks columns) {
    List<Pair> pairs = new ArrayList<>();
    for (int i = 0; i < rows.count(); i++) {
      for (int j = 0; j < columns.count(); j++) {
        pairs.add(new Pair(i, j));
      }
    }
    return rounds(pairs, rows, columns, false);
  }

  /** All blocks of one set with those of other kinds, every pair once, the earlier block first. */
  static List<List<Pair>> apart(Blocks blocks) {
    List<Pair> pairs = new ArrayList<>();
    for (int i = 0; i < blocks.count(); i++) {
      for (int j = i + 1; j < blocks.count(); j++) {
        if (blocks.kinds[i] != blocks.kinds[j]) {
          pairs.add(new Pair(i, j));
        }
      }
    }
    return rounds(pairs, blocks, blocks, true);
  }

  private static List<List<Pair>> rounds(
      List<Pair> pairs, Blocks rows, Blocks columns, boolean same) {
    double[] gaps = new double[pairs.size()];
    for (int p = 0; p < gaps.length; p++) {
      gaps[p] = rows.between(pairs.get(p).row(), columns, pairs.get(p).column());
    }
    BitSet[] rowRounds = sets(rows.count());
    BitSet[] columnRounds = same ? rowRounds : sets(columns.count());
    List<List<Pair>> rounds = new ArrayList<>();
    for (int p : Ordering.ascending(gaps)) {
      var pair = pairs.get(p);
      int round = firstFree(rowRounds[pair.row()], columnRounds[pair.column()]);
      rowRounds[pair.row()].set(round);
      columnRounds[pair.column()].set(round);
      if (round == rounds.size()) {
        rounds.add(new ArrayList<>());
      }
      rounds.get(round).add(pair);
    }
    return rounds;
  }

  private static int firstFree(BitSet a, BitSet b) {
    int round = a.nextClearBit(0);
    while (b.get(round)) {
      round = a.nextClearBit(b.nextClearBit(round));
    }
    return round;
  }

  private static BitSet[] sets(int count) {
    var out = new BitSet[count];
    for (int i = 0; i < count; i++) {
      out[i] = new BitSet();
    }
    return out;
  }
}
