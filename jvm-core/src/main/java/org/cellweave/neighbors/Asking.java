package org.cellweave.neighbors;

/**
 * Points ask their neighbours, and those whose neighbours they are, for theirs.
 *
 * @param hops how many neighbours of a point are asked
 * @param near the nearest by place, {@code wanted} of each
 * @param backStarts where those who have a place among their nearest begin in {@code back}
 */
record Asking(PlacedRows rows, int wanted, int hops, int[] near, int[] backStarts, int[] back)
    implements PlaceTasks.Change {

  @Override
  public void of(int from, int to, Candidates found, int before) {
    var met = new MetPlaces();
    for (int p = from; p < to; p++) {
      ask(p, met, found, p - before);
    }
  }

  private void ask(int p, MetPlaces met, Candidates found, int list) {
    met.clear();
    met.add(p);
    for (int at = list * found.capacity; at < (list + 1) * found.capacity; at++) {
      met.add(found.ids[at]);
    }
    for (int at = p * wanted; at < p * wanted + hops; at++) {
      if (near[at] != Candidates.NOBODY) {
        offerTheirs(p, near[at], met, found, list);
      }
    }
    int end = Math.min(backStarts[p + 1], backStarts[p] + hops);
    for (int at = backStarts[p]; at < end; at++) {
      offer(p, back[at], met, found, list);
      offerTheirs(p, back[at], met, found, list);
    }
  }

  private void offerTheirs(int p, int via, MetPlaces met, Candidates found, int list) {
    for (int at = via * wanted; at < (via + 1) * wanted; at++) {
      offer(p, near[at], met, found, list);
    }
  }

  private void offer(int p, int id, MetPlaces met, Candidates found, int list) {
    if (id != Candidates.NOBODY && met.add(id)) {
      int limit = found.threshold(list);
      int half = rows.half(p, id, Float.intBitsToFloat(limit));
      if (half < limit) {
        found.offer(list, half, id);
      }
    }
  }
}
