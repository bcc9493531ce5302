package org.cellweave.neural.midas;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.cellweave.neural.data.Counts;
import org.cellweave.neural.fused.LayerTape;
import org.cellweave.neural.module.Loss;
import org.cellweave.neural.nn.Node;
import org.cellweave.random.Streams;

/** What training lowers, for the cells of a minibatch. */
final class Objective {
  private final Network network;
  private final MosaicCells cells;
  private final WarmStart start;
  private final Midas.Params params;

  Objective(Network network, MosaicCells cells, WarmStart start, Midas.Params params) {
    this.network = network;
    this.cells = cells;
    this.start = start;
    this.params = params;
  }

  /**
   * @param members of the part
   * @param epoch from 0; -1 to look alone
   */
  Minibatch of(MosaicCells.Part part, int[] members, Draws draws, int epoch) {
    return new Minibatch(part, members, draws, epoch);
  }

  /** One step's cells, on the way through the networks. */
  final class Minibatch {
    private final MosaicCells.Part part;
    private final int[] members;
    private final Draws draws;
    private final boolean starts;
    private final boolean looks;
    private final Counts[][] counts;

    private final List<Loss.Term> terms = new ArrayList<>();

    /** Biological dimensions by modality, then by all together, and who judges them. */
    private final List<Node> judged = new ArrayList<>();

    private final List<Integer> judges = new ArrayList<>();
    private LayerTape tape;
    private boolean complete;

    Minibatch(MosaicCells.Part part, int[] members, Draws draws, int epoch) {
      this.part = part;
      this.members = members;
      this.draws = draws;
      this.looks = epoch < 0;
      this.starts = !looks && start != null && epoch < params.warmStartEpochs();
      this.counts = cells.counts(part, members);
    }

    private void term(String name, Loss.Part kind, Node value, double weight) {
      terms.add(new Loss.Term(name, kind, value, weight, false));
    }

    /** The autoencoder's way, and its terms. */
    void encode(LayerTape on) {
      tape = on;
      Pass pass = new Pass(tape, draws, params.dropout());
      int n = members.length;
      double told = Streams.of(draws.next(), 0).nextDouble();
      boolean withBatch = !tape.isTraining() || told >= params.batchDropout();
      Node batch = withBatch ? network.ofBatch(pass, n, part.batch()) : null;
      List<Node> experts = new ArrayList<>();
      List<Node> places = new ArrayList<>();
      for (int m = 0; m < counts.length; m++) {
        if (counts[m] != null) {
          Node own = network.encoded(pass, m, counts[m]);
          experts.add(own);
          Node alone = pass.product(withBatch ? List.of(own, batch) : List.of(own));
          places.add(pass.place(alone));
          judge(m, places.get(places.size() - 1));
          startAt(alone);
        }
      }
      if (withBatch) {
        experts.add(batch);
      }
      Node joint = pass.product(experts);
      Node place = pass.place(joint);
      judge(counts.length, place);
      startAt(joint);
      reconstruct(pass, place);
      if (withBatch) {
        Node loss = network.batchLoss(pass, place, part.batch());
        term("batch", Loss.Part.RECONSTRUCTION, loss, params.batchWeight());
      }
      divergences(joint, n);
      if (places.size() > 1) {
        Node apart = tape.apply(1, 1, new Spread(n, network.dimZ()), places.toArray(new Node[0]));
        term("alignment", Loss.Part.EXTRA, apart, params.alignmentWeight());
      }
    }

    private void judge(int modality, Node place) {
      if (!looks && !starts && network.judges(modality)) {
        judged.add(Columns.of(tape, place, 0, network.dimC()));
        judges.add(modality);
      }
    }

    private void startAt(Node distribution) {
      if (starts) {
        int[] rows = Arrays.stream(members).map(i -> part.cells()[i]).toArray();
        Node distance = start.distance(tape, distribution, rows);
        term("warm_start", Loss.Part.EXTRA, distance, params.warmStartWeight());
      }
    }

    private void reconstruct(Pass pass, Node place) {
      Node h = network.decoded(pass, place);
      for (int m = 0; m < counts.length; m++) {
        if (counts[m] == null) {
          continue;
        }
        Modality of = network.shape().modalities().get(m);
        Head head = network.head(m);
        List<Node> pieces = head.apply(pass, h);
        for (int p = 0; p < pieces.size(); p++) {
          var operation = new CountLoss(of.likelihood(), counts[m][p], cells.measured(m, p));
          Node loss =
              head.logDispersion() == null
                  ? tape.apply(1, 1, operation, pieces.get(p))
                  : tape.apply(
                      1, 1, operation, pieces.get(p), tape.parameter(head.logDispersion()));
          term("reconstruction_" + of.name(), Loss.Part.RECONSTRUCTION, loss, 1);
        }
      }
    }

    private void divergences(Node joint, int n) {
      int c = network.dimC();
      int z = network.dimZ();
      Node ofC = tape.apply(1, 1, new Divergence(n, z, 0, c), joint);
      Node ofU = tape.apply(1, 1, new Divergence(n, z, c, z), joint);
      term("kl_c", Loss.Part.KL, ofC, params.klWeightC());
      term("kl_u", Loss.Part.KL, ofU, params.klWeightU());
    }

    /** Whether there are discriminators to play against. */
    boolean isPlayed() {
      return !judged.isEmpty();
    }

    /** The discriminators' own objective, on a tape of theirs: places do not follow it. */
    List<Loss.Term> judge(LayerTape theirs) {
      Pass pass = new Pass(theirs, draws, params.dropout());
      List<Loss.Term> out = new ArrayList<>();
      for (int k = 0; k < judged.size(); k++) {
        Node c = theirs.values(members.length, network.dimC(), tape.read(judged.get(k)));
        Node loss = network.judged(pass, judges.get(k), c, part.batch());
        out.add(
            new Loss.Term("discriminator", Loss.Part.EXTRA, loss, params.adversaryWeight(), false));
      }
      return out;
    }

    /** All terms; the first call lets the discriminators judge as they are then. */
    List<Loss.Term> terms() {
      if (!complete) {
        complete = true;
        Pass pass = new Pass(tape, draws, params.dropout());
        for (int k = 0; k < judged.size(); k++) {
          Node loss = network.judged(pass, judges.get(k), judged.get(k), part.batch());
          term("discriminator", Loss.Part.EXTRA, loss, -params.adversaryWeight());
        }
      }
      return terms;
    }
  }
}
